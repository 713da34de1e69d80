"""Comments in the JSON API: list, read, write, edit, delete, restore."""

from typing import TypedDict

from sqlalchemy import Row

from madang.core.clock import now
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limited_rate
from madang.posts.queries.posts import get_post, require_visible_post

from .models import Comment
from .operations.writing import delete_comment, edit_comment, get_parent_comment, post_comment, restore_comment
from .queries import (
    OLDEST_FIRST,
    comments_of_post_after,
    find_comment_row,
    get_comment,
    get_comment_row,
    get_restorable_comment,
)
from .schemas import CommentSchema, NewCommentSchema, PatchedCommentSchema

bp = ApiBlueprint("comments", description="Comments on posts.")


class NewCommentPayload(TypedDict):
    body: str
    parent_id: int | None


@bp.get("/posts/<int:post_id>/comments", public=True)
@bp.paginated(CommentSchema)
def list_comments(page: Page, post_id: int) -> PageResult:
    """List the comments of a post, the oldest first. `parent_id` is the comment that a reply belongs to."""
    require_visible_post(post_id, current_actor())
    rows = comments_of_post_after(post_id, page.after(OLDEST_FIRST.types), page.more)
    return page.of(rows, OLDEST_FIRST.key_of)


@bp.post("/posts/<int:post_id>/comments")
@bp.body(NewCommentSchema)
@bp.response(CommentSchema, 201)
@limited_rate("comment")
def create_comment(payload: NewCommentPayload, post_id: int) -> Created:
    """Comment on a post, or reply to a comment on it. A reply to a reply becomes a reply to the same comment."""
    actor = current_actor()
    post, parent_id = get_post(post_id, actor), payload["parent_id"]
    parent = get_parent_comment(parent_id, actor) if parent_id is not None else None
    comment = post_comment(post, actor=actor, body=payload["body"], parent=parent, now=now())
    return Created(get_comment_row(comment.id, actor), f"{PREFIX}/comments/{comment.id}")


@bp.get("/comments/<int:comment_id>", public=True)
@bp.response(CommentSchema)
def get_one_comment(comment_id: int) -> Row:
    """Read a comment."""
    return get_comment_row(comment_id, current_actor())


@bp.patch("/comments/<int:comment_id>", if_match=True)
@bp.body(PatchedCommentSchema)
@bp.response(CommentSchema)
@limited_rate("comment")
def edit_one_comment(payload: dict[str, str], comment_id: int) -> Row:
    """Replace the text of a comment."""
    actor, comment = current_actor(), _get_unchanged_comment(comment_id)
    edit_comment(comment, actor=actor, body=payload["body"], now=now())
    return get_comment_row(comment_id, actor)


def _get_unchanged_comment(comment_id: int) -> Comment:
    """Get the comment if it still matches the `If-Match` header of the request."""
    require_unchanged(CommentSchema, get_comment_row(comment_id, current_actor()))
    return get_comment(comment_id, current_actor())


@bp.delete("/comments/<int:comment_id>", if_match=True)
@bp.response(None)
def delete_one_comment(comment_id: int) -> None:
    """Delete a comment. Moderators can restore it, its author for ten minutes: `PUT /comments/{comment_id}/restore`."""
    delete_comment(_get_unchanged_comment(comment_id), actor=current_actor(), now=now())


@bp.put("/comments/<int:comment_id>/restore", if_match=True)
@bp.response(CommentSchema)
def restore_one_comment(comment_id: int) -> Row:
    """Restore a deleted comment: for moderators, and for its author within ten minutes of deleting it.

    No `If-Match` of the author's matches, since nothing is shown to them until the comment is restored.
    """
    actor = current_actor()
    comment = get_restorable_comment(comment_id, actor, now())
    require_unchanged(CommentSchema, find_comment_row(comment_id, actor))
    restore_comment(comment, actor=actor, now=now())
    return get_comment_row(comment_id, actor)
