"""Follow and unfollow people, tags, boards and questions."""

from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, delete, select

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import add_if_new, add_to, db
from madang.core.errors import require
from madang.core.events import emit
from madang.core.i18n import _
from madang.messages.queries.people import blocks_among
from madang.tags.models import Tag

from ..events import PersonFollowed
from ..models import PERSON, TAG, Follow, Followable, Target, target_of
from ..policies import can_follow
from .fan_out import fill_feed, remove_from_feed


def follow(subject: Followable, *, actor: Actor, now: datetime) -> bool:
    """Follow `subject` and fill the actor's feed; return whether the follow is new.

    Emits `PersonFollowed` for a person. Raises `Forbidden`.
    """
    _lock_people(target_of(subject), actor.id or 0)
    require(can_follow(actor, subject), _refusal_message(actor, subject))
    if isinstance(subject, User):
        _require_reachable(subject, actor, now)
    is_new = begin_follow(target_of(subject), actor.id or 0, now=now)
    if is_new and isinstance(subject, User):
        emit(PersonFollowed(actor.id or 0, subject.id))
    return is_new


def begin_follow(target: Target, follower_id: int, *, now: datetime) -> bool:
    """Follow without a permission check and without an event; return whether the follow is new."""
    _lock_people(target, follower_id)
    if not add_if_new(Follow, follower_id=follower_id, kind=target.kind, target_id=target.id, created_at=now):
        return False
    _count(target, follower_id, 1)
    fill_feed(target, follower_id)
    return True


def unfollow(subject: Followable, *, actor: Actor) -> bool:
    """Unfollow `subject` and remove its posts from the feed; return whether the actor followed it."""
    return end_follow(target_of(subject), actor.id or 0)


def end_follow(target: Target, follower_id: int) -> bool:
    """Unfollow for any person; return whether they followed the target."""
    _lock_people(target, follower_id)
    follow_row = (Follow.follower_id == follower_id) & (Follow.kind == target.kind) & (Follow.target_id == target.id)
    ended = db.session.execute(delete(Follow).where(follow_row).execution_options(synchronize_session=False))
    if not cast("CursorResult[int]", ended).rowcount:
        return False
    _count(target, follower_id, -1)
    remove_from_feed(target, follower_id)
    return True


def _lock_people(target: Target, follower_id: int) -> None:
    """Lock the rows of two people, ordered by id to avoid deadlocks, before their counts change."""
    if target.kind == PERSON:
        both = select(User.id).where(User.id.in_((follower_id, target.id))).order_by(User.id)
        db.session.execute(both.with_for_update())


def _count(target: Target, follower_id: int, amount: int) -> None:
    if target.kind == PERSON:
        add_to(User, target.id, follower_count=amount)
        add_to(User, follower_id, following_count=amount)
    elif target.kind == TAG:
        add_to(Tag, target.id, follower_count=amount)


def _require_reachable(person: User, actor: Actor, now: datetime) -> None:
    """Raise `Forbidden` if the person is suspended or one has blocked the other."""
    blocked, blockers = blocks_among(actor.id or 0, [person.id])
    require(not blockers, _("You cannot follow %(name)s.", name=person.username))
    require(not blocked, _("You have blocked %(name)s. To follow them, unblock them first.", name=person.username))
    is_suspended = person.suspended_until is not None and person.suspended_until > now
    require(not is_suspended, _("%(name)s is suspended and cannot write right now.", name=person.username))


def _refusal_message(actor: Actor, subject: Followable) -> str:
    if actor.is_suspended:
        return _("Your account is suspended: you can read, but not write.")
    if isinstance(subject, User):
        return _("You cannot follow yourself.")
    return _("You can only follow other people's questions. You are notified of answers to your own anyway.")
