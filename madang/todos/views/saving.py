"""Views of the save button under posts and messages, and its page for visitors without an identity."""

from flask import Blueprint, flash, redirect, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.i18n import _
from madang.core.web.actor import current_actor, identity_required
from madang.core.web.api_twins import api_twin
from madang.core.web.constants import is_htmx
from madang.core.web.forms import submitted_toggle
from madang.core.web.request_limits import limited_rate
from madang.posts.fragments.addresses import path_of
from madang.posts.queries.posts import get_post

from ..fragments import message_link, post_link, save_fragment
from ..operations.saving import Link, save_for_later, unsave
from ..queries.todos import saved_link_ids

bp = Blueprint("saving", __name__)
SAVE_PATH = "/todo"  # appended to the address of the post or message


@bp.get("/posts/<int:post_id>/todo")
@identity_required
def ask_post(post_id: int) -> str:
    link, back = _post_link(post_id)
    return _ask(link, f"/posts/{post_id}", back, _("Back to the post"))


@bp.post("/posts/<int:post_id>/todo", endpoint="save_post")
@api_twin("PUT /posts/<int:post_id>/save", "DELETE /posts/<int:post_id>/save")
@identity_required
def save_post(post_id: int) -> AnyResponse | Markup:
    link, back = _post_link(post_id)
    return _save(link, f"/posts/{post_id}", str(post_id), back)


@bp.get("/messages/<int:conversation_id>/<int:message_id>/todo")
@identity_required
def ask_message(conversation_id: int, message_id: int) -> str:
    link = message_link(conversation_id, message_id, current_actor())
    return _ask(link, f"/messages/{conversation_id}/{message_id}", link.path, _("Back to the conversation"))


@bp.post("/messages/<int:conversation_id>/<int:message_id>/todo", endpoint="save_message")
@api_twin(
    "PUT /conversations/<int:conversation_id>/messages/<int:message_id>/save",
    "DELETE /conversations/<int:conversation_id>/messages/<int:message_id>/save",
)
@identity_required
def save_message(conversation_id: int, message_id: int) -> AnyResponse | Markup:
    link = message_link(conversation_id, message_id, current_actor())
    return _save(link, f"/messages/{conversation_id}/{message_id}", f"message-{message_id}", link.path)


def _post_link(post_id: int) -> tuple[Link, str]:
    """The link to a post, and the address of its page."""
    actor = current_actor()
    return post_link(post_id, actor), path_of(get_post(post_id, actor), actor)


def _ask(link: Link, path: str, back: str, way_back: str) -> str:
    """The page with the save button for visitors who had no identity when the post was rendered."""
    is_saved = link.id in saved_link_ids(link.kind, current_actor(), [link.id])
    words = {"words": link.title, "back": back, "way_back": way_back}
    return render_template("todos/save.html", address=f"{path}{SAVE_PATH}", is_saved=is_saved, **words)


@limited_rate("todo")
def _save(link: Link, path: str, name: str, back: str) -> AnyResponse | Markup:
    """Save or unsave as the form says; `name` is the id of the button."""
    actor, is_saved = current_actor(), submitted_toggle()
    if is_saved:
        save_for_later(link, actor=actor, now=now())
    else:
        unsave(link.kind, link.id, actor=actor, now=now())
    if is_htmx():
        return save_fragment(f"{path}{SAVE_PATH}", name, is_saved=is_saved)
    flash(_("It has been added to your to-dos.") if is_saved else _("It has been removed from your to-dos."), "success")
    return redirect(back)
