"""Post, edit, delete and restore comments."""

from datetime import datetime

from madang.accounts.models import User
from madang.accounts.operations.staff_actions import record_staff_action_on
from madang.accounts.queries.users import existing_usernames
from madang.boards.queries import uses_math
from madang.core.actor import Actor
from madang.core.db import add_to, db, lock_row
from madang.core.db.dedup import fingerprints, insert_deduplicated
from madang.core.errors import Gone, InvalidInput, NotFound, require
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.markdown.renderer import as_mathml, render_inline
from madang.core.markdown.visible import shows
from madang.core.settings import setting
from madang.core.text import clean_body
from madang.posts.models import Post
from madang.posts.operations.counters import record_activity
from madang.posts.operations.pictures import use_pictures
from madang.posts.operations.validation import too_short_error
from madang.posts.policies import can_comment, can_moderate, can_undo_deletion, require_moderator

from ..events import CommentDeleted, CommentEdited, CommentPosted, CommentRestored
from ..models import BODY_MAX, COMMENT_DELETED, COMMENT_VISIBLE, Comment
from ..policies import can_edit_comment
from ..queries import get_comment


def post_comment(post: Post, *, actor: Actor, body: str, now: datetime, parent: Comment | None = None) -> Comment:
    """Comment on a post, or reply to a comment on it. A reply to a reply becomes a reply to the same comment.

    A repeated submission returns the first comment. Raises `InvalidInput` (body, parent_id) and `Forbidden`.
    """
    body, html = _check_body(body, post)
    lock_row(post)
    _require_can_comment(post, actor)
    if parent is not None and parent.post_id != post.id:
        raise _parent_missing_error()
    comment = Comment(
        post_id=post.id,
        parent_id=(parent.parent_id or parent.id) if parent else None,
        author_id=actor.id,
        state=COMMENT_VISIBLE,
        body=body,
        body_html=html,
        created_at=now,
    )
    comment, is_new = insert_deduplicated(comment, fingerprints(post.id, parent and parent.id, body, now=now))
    if is_new:
        use_pictures(html, post_id=post.id, actor=actor)
        _adjust_counters(comment, 1)
        record_activity(post.parent_id or post.id, now)
        emit(CommentPosted(comment.id, post.id, actor.id))
    return comment


def get_parent_comment(comment_id: int, actor: Actor) -> Comment:
    """The comment that the actor replies to. Raises `InvalidInput` (parent_id)."""
    try:
        return get_comment(comment_id, actor)
    except (NotFound, Gone):
        raise _parent_missing_error() from None


def _parent_missing_error() -> InvalidInput:
    return InvalidInput(
        _("The comment you are replying to has been deleted. Please comment on the post instead."), field="parent_id"
    )


def _require_can_comment(post: Post, actor: Actor) -> None:
    require(can_comment(actor, post), _("You cannot comment here: the post is locked, or you cannot write right now."))


def edit_comment(comment: Comment, *, actor: Actor, body: str, now: datetime) -> None:
    """Replace the text of a comment. Raises `InvalidInput` (body), `NotFound` if it is deleted, and `Forbidden`."""
    body, html = _check_body(body, db.session.get_one(Post, comment.post_id))
    post = _lock_with_post(comment)
    if comment.is_deleted:
        raise NotFound
    _require_can_edit(comment, post, actor)
    if body == comment.body:
        return
    comment.body, comment.body_html, comment.edited_at = body, html, now
    use_pictures(html, post_id=post.id, actor=actor)
    db.session.flush()
    emit(CommentEdited(comment.id, actor.id))
    record_staff_action_on(comment.author_id, "edit_comment", "comment", comment.id, actor=actor)


def delete_comment(comment: Comment, *, actor: Actor, now: datetime) -> None:
    """Delete a comment; staff can restore it. Raises `Forbidden`."""
    post = _lock_with_post(comment)
    if comment.is_deleted:
        return
    _require_can_edit(comment, post, actor)
    _mark_deleted(comment, actor, now)
    record_staff_action_on(comment.author_id, "delete_comment", "comment", comment.id, actor=actor)


def delete_comment_with_account(comment: Comment, *, actor: Actor, now: datetime) -> None:
    """Delete a comment as part of deleting its author's account, which has its own entry in the staff log.

    Raises `Forbidden`.
    """
    _lock_with_post(comment)
    require_moderator(actor)
    if not comment.is_deleted:
        _mark_deleted(comment, actor, now)


def _mark_deleted(comment: Comment, actor: Actor, now: datetime) -> None:
    comment.state, comment.deleted_at, comment.deleted_by_id, comment.fingerprint = COMMENT_DELETED, now, actor.id, None
    db.session.flush()
    _adjust_counters(comment, -1)
    emit(CommentDeleted(comment.id, comment.post_id, actor.id))


def restore_comment(comment: Comment, *, actor: Actor, now: datetime) -> None:
    """Restore a deleted comment. Raises `Forbidden`."""
    _lock_with_post(comment)
    if not comment.is_deleted and can_moderate(actor):
        return
    require(can_undo_deletion(actor, comment, now), _("Only moderators can do this."))
    comment.state, comment.deleted_at, comment.deleted_by_id = COMMENT_VISIBLE, None, None
    db.session.flush()
    _adjust_counters(comment, 1)
    emit(CommentRestored(comment.id, comment.post_id, actor.id))
    record_staff_action_on(comment.author_id, "restore_comment", "comment", comment.id, actor=actor)


def _lock_with_post(comment: Comment) -> Post:
    """Lock a comment, then its post, and return the post."""
    lock_row(comment)
    post = db.session.get_one(Post, comment.post_id)
    lock_row(post)
    return post


def _require_can_edit(comment: Comment, post: Post, actor: Actor) -> None:
    require(can_edit_comment(actor, comment, post), _("Only its author and moderators can change this comment."))


def render_comment(body: str, *, uses_math: bool, field: str | None = None) -> str:
    """Render the text of a comment to HTML as `render_body` does a post's."""
    formulas = as_mathml if uses_math else None
    return render_inline(body, mentions=existing_usernames, formulas=formulas, field=field)


def _check_body(body: str, post: Post) -> tuple[str, str]:
    """Clean and render the text of a comment on `post` and check its length. Raises `InvalidInput` (body)."""
    body = clean_body(body).strip()
    if len(body) > BODY_MAX:
        raise InvalidInput(
            _("Comments have at most %(count)s characters. For more, write an answer.", count=BODY_MAX), field="body"
        )
    html = render_comment(body, uses_math=uses_math(post.board_id), field="body")
    if not shows(html):
        raise InvalidInput(_("Please write a comment."), field="body")
    if not shows(html, setting("COMMENT_MIN")):
        raise InvalidInput(too_short_error(setting("COMMENT_MIN")), field="body")
    return body, html


def _adjust_counters(comment: Comment, by: int) -> None:
    """Add `by` to the numbers of comments of the post and the author."""
    add_to(Post, comment.post_id, comment_count=by)
    if comment.author_id is not None:
        add_to(User, comment.author_id, comment_count=by)
