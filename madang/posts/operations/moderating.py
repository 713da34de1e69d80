"""Moderation of posts: close and reopen, lock, pin, move."""

from datetime import datetime

from sqlalchemy import delete, select, update

from madang.accounts.operations.staff_actions import record_staff_action
from madang.boards.models import Board
from madang.boards.queries import uses_math
from madang.core.actor import Actor
from madang.core.db import after_commit, db, lock_row
from madang.core.errors import Conflict, InvalidInput
from madang.core.events import emit
from madang.core.i18n import _
from madang.tags.operations.tagging import move_post_tags

from ..events import PostMoved
from ..models import CLOSE_REASONS, POST_KIND_BY_BOARD_KIND, Post, PostLink
from ..policies import require_moderator
from ..queries.links import linked_posts_cache
from .counters import adjust_counters
from .rendering import cover_of, set_cover
from .rerendering import render_thread


def close_question(question: Post, *, reason: str, duplicate_of: Post | None, actor: Actor, now: datetime) -> None:
    """Close a question to new answers; `duplicate_of` is the original question for the reason `duplicate`.

    Raises `Forbidden` and `InvalidInput` (reason, duplicate_of).
    """
    lock_row(question)
    require_moderator(actor)
    if reason not in CLOSE_REASONS or not question.is_question:
        raise InvalidInput(_("Please choose a reason."), field="reason")
    original_id = _original_id(question, duplicate_of) if reason == "duplicate" else None
    if question.close_reason == reason and (original_id is None or _is_linked(question.id, original_id)):
        return
    if original_id is not None:
        db.session.merge(PostLink(post_id=question.id, related_post_id=original_id, kind="duplicate", created_at=now))
    question.closed_at, question.close_reason = now, reason
    db.session.flush()
    after_commit(linked_posts_cache.clear)
    record_staff_action("close_post", "post", question.id, actor=actor, close_reason=reason, duplicate_of=original_id)


def _original_id(question: Post, original: Post | None) -> int:
    if original is None or original.id == question.id or not original.is_question:
        raise InvalidInput(
            _("Please enter the title or address of another question on this site."), field="duplicate_of"
        )
    return original.id


def _is_linked(question_id: int, original_id: int) -> bool:
    return db.session.get(PostLink, (question_id, original_id, "duplicate")) is not None


def reopen_question(question: Post, *, actor: Actor) -> None:
    """Reopen a closed question and delete its link as a duplicate. Raises `Forbidden`."""
    lock_row(question)
    require_moderator(actor)
    if not question.is_closed:
        return
    db.session.execute(delete(PostLink).where(PostLink.post_id == question.id, PostLink.kind == "duplicate"))
    question.closed_at = question.close_reason = None
    db.session.flush()
    after_commit(linked_posts_cache.clear)
    record_staff_action("reopen_post", "post", question.id, actor=actor)


def lock_post(post: Post, *, actor: Actor, now: datetime) -> None:
    """Lock a post, a question with its answers: only staff can reply to it or change it.

    Raises `Forbidden`, and `InvalidInput` for an answer.
    """
    _lock_with_answers(post)
    require_moderator(actor)
    if post.is_answer:
        raise InvalidInput(_("An answer is locked together with its question."))
    if post.is_locked:
        return
    _set_locked_at(post, now)
    record_staff_action("lock_post", "post", post.id, actor=actor)


def unlock_post(post: Post, *, actor: Actor) -> None:
    """Unlock a post, a question with its answers. Raises as `lock_post` does."""
    _lock_with_answers(post)
    require_moderator(actor)
    if post.is_answer:
        raise InvalidInput(_("An answer is locked together with its question.", context="unlock"))
    if not post.is_locked:
        return
    _set_locked_at(post, None)
    record_staff_action("unlock_post", "post", post.id, actor=actor)


def _lock_with_answers(post: Post) -> None:
    """Lock the rows of a post's answers, then its own (not the lock of moderators)."""
    answers = select(Post.id).where(Post.parent_id == post.id).order_by(Post.id)
    db.session.execute(answers.with_for_update())
    lock_row(post)


def _set_locked_at(post: Post, moment: datetime | None) -> None:
    post.locked_at = moment
    db.session.flush()
    db.session.execute(update(Post).where(Post.parent_id == post.id).values(locked_at=moment))


def pin_post(post: Post, *, actor: Actor, now: datetime) -> None:
    """Pin a post to the top of its board. Raises `Forbidden`, and `InvalidInput` for an answer."""
    lock_row(post)
    require_moderator(actor)
    if post.is_answer:
        raise InvalidInput(_("An answer cannot be pinned."))
    if post.pinned_at is not None:
        return
    post.pinned_at = now
    db.session.flush()
    record_staff_action("pin_post", "post", post.id, actor=actor)


def unpin_post(post: Post, *, actor: Actor) -> None:
    """Unpin a post. Raises `Forbidden`."""
    lock_row(post)
    require_moderator(actor)
    if post.pinned_at is None:
        return
    post.pinned_at = None
    db.session.flush()
    record_staff_action("unpin_post", "post", post.id, actor=actor)


def move_post(post: Post, board: Board, *, actor: Actor) -> None:
    """Move a post with its answers to another board.

    Raises `Forbidden`, `InvalidInput` (board), and `Conflict` for a question with answers on a board of another kind.
    """
    _lock_with_answers(post)
    require_moderator(actor)
    if board.is_archived:
        raise InvalidInput(_("This board is archived and accepts no new posts.", context="move"), field="board")
    former_id = post.board_id
    _relocate(post, board, actor)
    record_staff_action("move_post", "post", post.id, actor=actor, board_id=board.id, former_board_id=former_id)


def relocate_post(post: Post, board: Board, *, actor: Actor) -> None:
    """Move a post as part of a larger staff action, which has its own entry in the staff log.

    Raises as `move_post` does.
    """
    _lock_with_answers(post)
    require_moderator(actor)
    _relocate(post, board, actor)


def _relocate(post: Post, board: Board, actor: Actor) -> None:
    if post.is_answer or board.id == post.board_id:
        raise InvalidInput(_("Please choose another board."), field="board")
    kind = POST_KIND_BY_BOARD_KIND[board.kind]
    if post.is_question and post.answer_count and kind != "question":
        raise Conflict(_("This question has answers, which the other board cannot hold."))
    if not post.is_deleted:
        adjust_counters(post, -1)
        move_post_tags(post.id, board.id)
    is_rendered_anew = uses_math(post.board_id) != board.uses_math
    post.board_id, post.kind, post.pinned_at = board.id, kind, None
    set_cover(post, cover_of(kind, post.body_html))
    db.session.flush()
    db.session.execute(update(Post).where(Post.parent_id == post.id).values(board_id=board.id))
    if is_rendered_anew:
        render_thread(post)
    if not post.is_deleted:
        adjust_counters(post, 1)
    emit(PostMoved(post.id, actor.id))
