"""Pages to write, edit, delete and restore comments, with and without JavaScript."""

from flask import Blueprint, flash, redirect, render_template, request
from flask_login import login_required
from markupsafe import Markup
from sqlalchemy import Row
from werkzeug.wrappers import Response as AnyResponse
from wtforms import TextAreaField
from wtforms.validators import Length

from madang.core.clock import now
from madang.core.errors import NotFound, require
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.constants import is_htmx
from madang.core.web.forms import Form, flash_with_undo
from madang.core.web.ids import parse_id
from madang.core.web.request_limits import limited_rate
from madang.core.web.suspension import readable_while_suspended
from madang.posts.models import Post
from madang.posts.policies import can_comment
from madang.posts.queries.posts import get_counts, get_post
from madang.votes.queries import votes_of

from .fragments import comment_path, comments_fragment, expanded_path, page_path
from .models import BODY_MAX, Comment
from .operations.writing import delete_comment, edit_comment, get_parent_comment, post_comment, restore_comment
from .policies import can_edit_comment
from .queries import INITIAL_COMMENT_COUNT, comments_of_posts, get_comment, get_restorable_comment

bp = Blueprint("comments", __name__)


class CommentForm(Form):
    body = TextAreaField("body", validators=[Length(max=BODY_MAX)])

    def set_labels(self) -> "CommentForm":
        self.body.label.text = _("Comment")
        return self


@bp.post("/posts/<int:post_id>/comments")
@api_twin("POST /posts/<int:post_id>/comments")
@login_required
def create(post_id: int) -> AnyResponse | str | tuple[str, int]:
    actor, form = current_actor(), CommentForm()
    post = get_post(post_id, actor)
    if is_htmx():
        comment = _post_from_form(post, form)
        return _first_comments(post, comment) if "is_cut" in request.form else _all_comments(post)
    with form.submitted():
        return redirect(comment_path(_post_from_form(post, form), actor))
    return _comment_page(
        form, _("Comment"), f"/posts/{post.id}/comments", page_path(get_post(post_id, actor), actor)
    ), form.status


@limited_rate("comment")
def _post_from_form(post: Post, form: CommentForm) -> Comment:
    return post_comment(post, actor=current_actor(), body=form.text("body"), parent=_parent_from_form(), now=now())


def _parent_from_form() -> Comment | None:
    """The comment that the form replies to, if any. Raises `InvalidInput` (parent_id)."""
    value = request.form.get("parent_id", "")
    if not value:
        return None
    try:
        number = parse_id(value)
    except NotFound:
        number = 0
    return get_parent_comment(number, current_actor())


@bp.get("/posts/<int:post_id>/comments")
@readable_while_suspended
def all_of_post(post_id: int) -> AnyResponse | Markup:
    """All comments of a post: as a fragment for htmx, else a redirect to its page with all of them."""
    post = get_post(post_id, current_actor())
    if is_htmx():
        return _all_comments(post)
    return redirect(f"{expanded_path(post, current_actor())}#comments-{post.id}")


def _all_comments(post: Post) -> Markup:
    """The fragment of all comments of a post."""
    return _comments(post, comments_of_posts([post.id])[post.id])


def _first_comments(post: Post, new: Comment) -> Markup:
    """The fragment of the first comments of a post, and of a new one with the comment that it replies to."""
    also = [comment_id for comment_id in (new.id, new.parent_id) if comment_id]
    rows = comments_of_posts([post.id], first=INITIAL_COMMENT_COUNT, also=also)[post.id]
    total = get_counts(post.id, current_actor()).comment_count
    return _comments(post, rows, total if total > len(rows) else 0)


def _comments(post: Post, rows: list[Row], total: int = 0) -> Markup:
    actor = current_actor()
    _on_posts, voted_ids = votes_of(actor, [], [row.id for row in rows])
    return comments_fragment(post, rows, actor, voted_ids, can_comment(actor, post), total)


def _comment_page(form: CommentForm, title: str, action: str, back: str) -> str:
    return render_template(
        "comments/edit.html",
        form=form.set_labels(),
        title=title,
        action=action,
        back=back,
        parent_id=request.form.get("parent_id", ""),
    )


@bp.get("/comments/<int:comment_id>/edit")
@login_required
def edit(comment_id: int) -> str:
    comment = _get_editable_comment(comment_id)
    form = CommentForm(data={"body": comment.body}, formdata=None)
    return _comment_page(
        form, _("Edit the comment"), f"/comments/{comment.id}/edit", comment_path(comment, current_actor())
    )


def _get_editable_comment(comment_id: int) -> Comment:
    """The comment, for somebody who can edit it. Raises `Forbidden`, and as `get_comment` does."""
    comment = get_comment(comment_id, current_actor())
    post = get_post(comment.post_id, current_actor())
    is_allowed = can_edit_comment(current_actor(), comment, post)
    require(is_allowed, _("Only its author and moderators can change this comment."))
    return comment


@bp.post("/comments/<int:comment_id>/edit")
@api_twin("PATCH /comments/<int:comment_id>")
@login_required
def save(comment_id: int) -> AnyResponse | tuple[str, int]:
    comment, form = get_comment(comment_id, current_actor()), CommentForm()
    with form.submitted(), limited_rate("comment"):
        edit_comment(comment, actor=current_actor(), body=form.text("body"), now=now())
        return redirect(comment_path(comment, current_actor()))
    page = _comment_page(
        form, _("Edit the comment"), f"/comments/{comment_id}/edit", comment_path(comment, current_actor())
    )
    return page, form.status


@bp.get("/comments/<int:comment_id>/delete")
@login_required
def ask_delete(comment_id: int) -> str:
    comment = _get_editable_comment(comment_id)
    return render_template("comments/delete.html", comment=comment, back=comment_path(comment, current_actor()))


@bp.post("/comments/<int:comment_id>/delete")
@api_twin("DELETE /comments/<int:comment_id>")
@login_required
def delete(comment_id: int) -> AnyResponse:
    actor = current_actor()
    comment = get_comment(comment_id, actor)
    delete_comment(comment, actor=actor, now=now())
    flash_with_undo(_("The comment has been deleted."), f"/comments/{comment.id}/restore")
    return redirect(page_path(get_post(comment.post_id, actor), actor))


@bp.post("/comments/<int:comment_id>/restore")
@api_twin("PUT /comments/<int:comment_id>/restore")
@login_required
def restore(comment_id: int) -> AnyResponse:
    comment = get_restorable_comment(comment_id, current_actor(), now())
    restore_comment(comment, actor=current_actor(), now=now())
    flash(_("It has been restored."), "success")
    return redirect(comment_path(comment, current_actor()))


@bp.get("/comments/<int:comment_id>")
def show(comment_id: int) -> AnyResponse:
    return redirect(comment_path(get_comment(comment_id, current_actor()), current_actor()))
