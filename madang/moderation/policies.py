"""Permissions for flagging, and for resolving flags."""

from typing import Protocol

from madang.accounts.policies.accounts import can_write
from madang.core.actor import Actor
from madang.posts.policies import PostLike, can_delete_post


class FlaggableContent(Protocol):
    """The attributes of a post, comment or page row that `can_flag` needs."""

    @property
    def author_id(self) -> int | None: ...
    @property
    def is_deleted(self) -> bool: ...


def can_flag(actor: Actor, subject: FlaggableContent) -> bool:
    """Anybody who can write, but not their own or deleted content; locked content too."""
    return can_write(actor) and actor.id != subject.author_id and not subject.is_deleted


def can_request_deletion(actor: Actor, post: PostLike, *, is_answered_by_others: bool) -> bool:
    """The author of a question that they cannot delete themselves: others have answered it, or it is locked."""
    is_own = actor.id == post.author_id and post.kind == "question" and not post.is_deleted
    can_delete = can_delete_post(actor, post, is_answered_by_others=is_answered_by_others)
    return can_write(actor) and is_own and not can_delete


def can_resolve_flags(actor: Actor) -> bool:
    """Staff who are not suspended, also for their own content: a site may have one moderator only."""
    return can_write(actor) and actor.is_staff
