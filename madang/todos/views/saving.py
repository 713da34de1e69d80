"""Save for later: the button under posts and messages, and the page that asks whoever was nobody yet."""

from flask import Blueprint, flash, redirect, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.i18n import _
from madang.core.web.actor import current_actor, identity_required
from madang.core.web.constants import is_htmx
from madang.core.web.limits import limit_rate
from madang.posts.fragments import path_of
from madang.posts.queries.posts import get_post

from ..forms import wished_value
from ..fragments import message_link, post_link, save_fragment
from ..operations.saving import Link, forget_saved, save_for_later
from ..queries.todos import saved_things

bp = Blueprint("saving", __name__)
KEEPING = "/todo"  # the button of a thing posts to this under the thing's own address


@bp.get("/posts/<int:post_id>/todo")
@identity_required
def ask_post(post_id: int) -> str:
    link, back = _post_link(post_id)
    return _ask(link, f"/posts/{post_id}", back, _("Back to the post"))


@bp.post("/posts/<int:post_id>/todo", endpoint="save_post")
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
@identity_required
def save_message(conversation_id: int, message_id: int) -> AnyResponse | Markup:
    link = message_link(conversation_id, message_id, current_actor())
    return _save(link, f"/messages/{conversation_id}/{message_id}", f"message-{message_id}", link.path)


def _post_link(post_id: int) -> tuple[Link, str]:
    """A post as a to-do keeps it, and where it is read."""
    actor = current_actor()
    return post_link(post_id, actor), path_of(get_post(post_id, actor), actor)


def _ask(link: Link, path: str, back: str, way_back: str) -> str:
    """The same as the button, for whoever was nobody yet when it was printed."""
    is_saved = link.id in saved_things(link.kind, current_actor(), [link.id])
    words = {"words": link.title, "back": back, "way_back": way_back}
    return render_template("todos/save.html", address=f"{path}{KEEPING}", is_saved=is_saved, **words)


def _save(link: Link, path: str, name: str, back: str) -> AnyResponse | Markup:
    """Save something or take it off; the button that was pressed is called `name`."""
    actor, is_wanted = current_actor(), wished_value()
    limit_rate("todo")
    if is_wanted:
        save_for_later(link, actor=actor, now=now())
    else:
        forget_saved(link.kind, link.id, actor=actor, now=now())
    if is_htmx():
        return save_fragment(f"{path}{KEEPING}", name, is_saved=is_wanted)
    flash(_("It is on your to-dos.") if is_wanted else _("It is off your to-dos."), "success")
    return redirect(back)
