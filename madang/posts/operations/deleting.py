"""Delete and restore posts."""

from datetime import datetime

from madang.accounts.operations.staff_actions import record_staff_action_on
from madang.core.actor import Actor
from madang.core.db import db, lock_row
from madang.core.errors import Conflict, require
from madang.core.events import emit
from madang.core.i18n import _
from madang.tags.operations.tagging import get_or_create_tags, set_post_tags

from ..events import PostDeleted, PostRestored
from ..models import DELETED, VISIBLE, Post
from ..policies import can_delete_post, can_moderate, can_undo_deletion, refusal_message, require_moderator
from ..queries.answers import is_answered_by_others
from .accepting import clear_accepted_answer
from .counters import adjust_counters


def delete_post(post: Post, *, actor: Actor, now: datetime) -> None:
    """Delete a post; staff can restore it.

    Raises `Forbidden`, and `Conflict` if its author deletes a question that others have answered.
    """
    _lock_thread(post)
    if post.is_deleted:
        return
    _require_can_delete(post, actor)
    _mark_deleted(post, actor, now)
    record_staff_action_on(post.author_id, "delete_post", "post", post.id, actor=actor)


def delete_post_with_account(post: Post, *, actor: Actor, now: datetime) -> None:
    """Delete a post as part of deleting its author's account, which has its own entry in the staff log.

    Raises `Forbidden`.
    """
    _lock_thread(post)
    require_moderator(actor)
    if not post.is_deleted:
        _mark_deleted(post, actor, now)


def _mark_deleted(post: Post, actor: Actor, now: datetime) -> None:
    if post.is_answer:
        _unaccept(post, actor)
    post.state, post.deleted_at, post.deleted_by_id, post.fingerprint = DELETED, now, actor.id, None
    db.session.flush()
    if not post.is_answer:
        set_post_tags(post.id, [], board_id=post.board_id, post_created_at=post.created_at)
    adjust_counters(post, -1)
    emit(PostDeleted(post.id, actor.id))


def _require_can_delete(post: Post, actor: Actor) -> None:
    is_answered = is_answered_by_others(post)
    if actor.id == post.author_id and is_answered and not actor.is_staff:
        raise Conflict(
            _("Others have answered this question. You can edit it, or ask the moderators on its page to delete it.")
        )
    is_allowed = can_delete_post(actor, post, is_answered_by_others=is_answered)
    require(is_allowed, refusal_message(actor, _("Only its author and moderators can delete this.")))


def _lock_thread(post: Post) -> None:
    """Lock a post, then the question that it answers, in the order of `core/db/locks.py`."""
    lock_row(post)
    if post.parent_id is not None:
        lock_row(db.session.get_one(Post, post.parent_id))


def _unaccept(answer: Post, actor: Actor) -> None:
    question = db.session.get_one(Post, answer.parent_id)
    if question.accepted_answer_id == answer.id:
        clear_accepted_answer(question, actor_id=actor.id)


def restore_post(post: Post, *, actor: Actor, now: datetime) -> None:
    """Restore a deleted post. Raises `Forbidden`."""
    _lock_thread(post)
    if not post.is_deleted and can_moderate(actor):
        return
    require(can_undo_deletion(actor, post, now), _("Only moderators can do this."))
    post.state, post.deleted_at, post.deleted_by_id = VISIBLE, None, None
    db.session.flush()
    if not post.is_answer:
        _restore_tags(post, now)
    adjust_counters(post, 1)
    emit(PostRestored(post.id, actor.id))
    record_staff_action_on(post.author_id, "restore_post", "post", post.id, actor=actor)


def _restore_tags(post: Post, now: datetime) -> None:
    """Tag a restored post again; its tags may have been renamed since."""
    tags = get_or_create_tags(post.tags, now)
    post.tag_names = " ".join(tag.name for tag in tags)
    db.session.flush()
    set_post_tags(post.id, tags, board_id=post.board_id, post_created_at=post.created_at)
