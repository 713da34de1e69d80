"""Pages to edit, delete and restore posts, and to accept an answer."""

import re
from datetime import datetime
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.boards.queries import slug_of
from madang.core.clock import now
from madang.core.errors import reporting, require
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.forms import flash_with_undo, submitted_toggle
from madang.core.web.request_limits import limited_rate
from madang.moderation.policies import can_request_deletion

from ..forms import EditForm
from ..fragments.addresses import answer_path, path_of, post_path
from ..fragments.changes import changes_fragment
from ..fragments.slots import part_errors, part_values, parts_of, with_parts
from ..models import Post
from ..operations.accepting import accept_answer, unaccept_answer
from ..operations.deleting import delete_post, restore_post
from ..operations.drafting import discard_drafts_of_edit
from ..operations.editing import edit_post, require_can_edit
from ..policies import can_delete_post
from ..queries.answers import is_answered_by_others
from ..queries.diff import WHOLE
from ..queries.drafts import StoredDraft, draft_of
from ..queries.posts import get_post, get_restorable_post
from .drafting import redirect_after_posting
from .pictures import attach_form_pictures

bp = Blueprint("editing", __name__)


@bp.get("/posts/<int:post_id>/edit")
@login_required
def edit(post_id: int) -> str:
    actor = current_actor()
    post = get_post(post_id, actor)
    require_can_edit(post, actor)
    values: dict[str, object] = {
        "title": post.title,
        "body": post.body,
        "tags": post.tag_names.replace(" ", ", "),
    }
    version, draft = _draft_of_edit(post)
    values |= {**draft.fields, **part_values(post, draft.fields), "version": version}
    return _edit_page(post, with_parts(EditForm)(data=values, formdata=None), draft.saved_at)


def _draft_of_edit(post: Post) -> tuple[int, StoredDraft]:
    """The version with which the edit begins and its draft: of the version that the address names, or the newest.

    A draft of an older version meets the conflict that its edit would have met.
    """
    actor = current_actor()
    if named := re.fullmatch(rf"edit:{post.id}:([0-9]{{1,9}})", request.args.get("draft", "")):
        draft = draft_of(actor, named[0])
        if draft.saved_at:
            return int(named[1]), draft
    return post.version, draft_of(actor, f"edit:{post.id}:{post.version}")


@bp.post("/posts/<int:post_id>/edit")
@api_twin("PUT /posts/<int:post_id>", "PATCH /posts/<int:post_id>")
@login_required
def save(post_id: int) -> AnyResponse | str | tuple[str, int]:
    actor, form = current_actor(), with_parts(EditForm)()
    post = get_post(post_id, actor)
    require_can_edit(post, actor)
    version = form.version.data or 0
    with form.submitted():
        if attach_form_pictures(form):
            return _edit_page(post, form)
        with limited_rate("post"):
            _save_edit(form, post, version)
        discard_drafts_of_edit(actor, post.id)
        return redirect_after_posting(path_of(post, current_actor()), f"edit:{post.id}:{version}")
    return _edit_page(get_post(post_id, actor), form), form.status


def _save_edit(form: EditForm, post: Post, version: int) -> None:
    """Save the post with what other slices added to its form; all errors are reported together."""
    actor, moment = current_actor(), now()
    words = {name: form.text(name) for name in ("title", "body", "tags", "summary")}
    with reporting(part_errors(form, post.kind)):
        edit_post(post, actor=actor, version=version, **words, now=moment)
    for part in parts_of(post.kind):
        part.save(form, post, actor=actor, now=moment)


def _edit_page(post: Post, form: EditForm, saved_at: datetime | None = None) -> str:
    """The edit form. After a conflict it shows the diff with the saved text, and continues from the saved version."""
    theirs = None
    if form.status == 409:
        theirs = changes_fragment(form.text("body"), post.body, WHOLE)
        form.version.data = post.version
    return render_template(
        "posts/edit.html",
        form=form.set_labels(),
        post=post,
        board=slug_of(post.board_id),
        saved_at=saved_at,
        theirs=theirs,
        back=path_of(post, current_actor()),
        parts=[partial(part.render, form, post) for part in parts_of(post.kind)],
    )


@bp.get("/posts/<int:post_id>/delete")
@login_required
def ask_delete(post_id: int) -> AnyResponse | str:
    actor = current_actor()
    post = get_post(post_id, actor)
    is_answered = is_answered_by_others(post)
    if can_request_deletion(actor, post, is_answered_by_others=is_answered):
        return redirect(f"/posts/{post.id}/deletion-request")
    require(
        can_delete_post(actor, post, is_answered_by_others=is_answered),
        _("Only its author and moderators can delete this."),
    )
    return render_template("posts/delete.html", post=post, back=path_of(post, current_actor()))


@bp.post("/posts/<int:post_id>/delete")
@api_twin("DELETE /posts/<int:post_id>")
@login_required
def delete(post_id: int) -> AnyResponse:
    actor = current_actor()
    post = get_post(post_id, actor)
    delete_post(post, actor=actor, now=now())
    flash_with_undo(_("The post has been deleted."), f"/posts/{post.id}/restore")
    return redirect(post_path(get_post(post.parent_id, actor)) if post.parent_id else _board_path(post))


def _board_path(post: Post) -> str:
    slug = slug_of(post.board_id)
    return url_for("posts.board", slug=slug) if slug else url_for("posts.home")


@bp.post("/posts/<int:post_id>/restore")
@api_twin("PUT /posts/<int:post_id>/restore")
@login_required
def restore(post_id: int) -> AnyResponse:
    post = get_restorable_post(post_id, current_actor(), now())
    restore_post(post, actor=current_actor(), now=now())
    flash(_("It has been restored."), "success")
    return redirect(path_of(post, current_actor()))


@bp.post("/posts/<int:post_id>/accept")
@api_twin("PUT /posts/<int:post_id>/accept", "DELETE /posts/<int:post_id>/accept")
@login_required
def accept(post_id: int) -> AnyResponse:
    actor = current_actor()
    answer = get_post(post_id, actor)
    if submitted_toggle():
        accept_answer(answer, actor=actor, now=now())
    else:
        unaccept_answer(answer, actor=actor)
    return redirect(answer_path(answer, actor), 303)
