"""Permissions for posts."""

from datetime import datetime, timedelta
from typing import Protocol

from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor
from madang.core.errors import require
from madang.core.i18n import _

MIN_REPUTATION_TO_EDIT = 1_000  # for posts of other authors
UNDO_PERIOD = timedelta(minutes=10)  # within which people can take back that they deleted their own post or comment
KINDS_EDITED_BY_TRUSTED = ("question", "answer")


class PostLike(Protocol):
    """Attributes of a post that the policies read; the entity and the rows of pages have them."""

    @property
    def author_id(self) -> int | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def is_locked(self) -> bool: ...
    @property
    def is_closed(self) -> bool: ...
    @property
    def is_deleted(self) -> bool: ...
    @property
    def answer_count(self) -> int: ...


def can_post_on(actor: Actor, board_kind: str, *, is_archived: bool = False) -> bool:
    """Only staff can post notices; nobody can post on an archived board."""
    return can_write(actor) and not is_archived and (board_kind != "notice" or actor.is_staff)


def can_see_deleted(actor: Actor) -> bool:
    return actor.is_staff


def can_answer(actor: Actor, question: PostLike) -> bool:
    """Nobody can answer a closed question; only staff can answer a locked one."""
    return can_write(actor) and not question.is_closed and not question.is_deleted and _is_unlocked_for(actor, question)


def can_comment(actor: Actor, post: PostLike) -> bool:
    return can_write(actor) and not post.is_deleted and _is_unlocked_for(actor, post)


def can_edit_post(actor: Actor, post: PostLike) -> bool:
    """The author, staff, and on questions and answers members with enough reputation; on a locked post only staff."""
    if not can_write(actor) or post.is_deleted or not _is_unlocked_for(actor, post):
        return False
    is_trusted = actor.reputation >= MIN_REPUTATION_TO_EDIT and post.kind in KINDS_EDITED_BY_TRUSTED
    return actor.is_staff or actor.id == post.author_id or is_trusted


def can_delete_post(actor: Actor, post: PostLike, *, is_answered_by_others: bool) -> bool:
    """The author can delete a post unless it is locked, or a question that others have answered; staff always can."""
    if not can_write(actor) or post.is_deleted:
        return False
    is_own = actor.id == post.author_id and not post.is_locked
    return actor.is_staff or (is_own and not is_answered_by_others)


class DeletedContent(Protocol):
    """Attributes of a post or comment that tell who deleted it when."""

    @property
    def author_id(self) -> int | None: ...
    @property
    def is_deleted(self) -> bool: ...
    @property
    def deleted_by_id(self) -> int | None: ...
    @property
    def deleted_at(self) -> datetime | None: ...


def can_undo_deletion(actor: Actor, subject: DeletedContent, now: datetime) -> bool:
    """Staff can always restore; the author can for some minutes, if they deleted it themselves."""
    if not can_write(actor) or not subject.is_deleted or subject.deleted_at is None:
        return False
    is_own = actor.id is not None and actor.id == subject.author_id == subject.deleted_by_id
    return actor.is_staff or (is_own and now - subject.deleted_at < UNDO_PERIOD)


def can_restore_post(actor: Actor, post: PostLike) -> bool:
    return can_write(actor) and actor.is_staff and post.is_deleted


def can_accept_answer(actor: Actor, question: PostLike) -> bool:
    return can_write(actor) and actor.id == question.author_id and not question.is_locked and not question.is_deleted


def can_moderate(actor: Actor) -> bool:
    """Permission to close, lock, pin, move and restore posts."""
    return can_write(actor) and actor.is_staff


def require_moderator(actor: Actor) -> None:
    """Raise `Forbidden` unless the actor can moderate."""
    require(can_moderate(actor), _("Only moderators can do this."))


def refusal_message(actor: Actor, reason: str) -> str:
    """Why the actor may not write: `reason`, or the suspension of their account."""
    if actor.is_suspended:
        return _("Your account is suspended: you can read, but not write.")
    return reason


def _is_unlocked_for(actor: Actor, post: PostLike) -> bool:
    return not post.is_locked or actor.is_staff
