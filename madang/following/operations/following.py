"""Beginning to follow something, and leaving off."""

from datetime import datetime

from sqlalchemy import delete, select

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import add_if_new, add_to, db
from madang.core.errors import require
from madang.core.events import emit
from madang.core.i18n import _
from madang.messages.queries.people import blocks_among
from madang.tags.models import Tag

from ..events import PersonFollowed
from ..models import PERSON, TAG, Follow, Target, Thing, target_of
from ..policies import can_follow
from .fan_out import empty_feed, fill_feed


def follow(thing: Thing, *, actor: Actor, now: datetime) -> bool:
    """Let what happens to `thing` come into the actor's feed; whether that is new. Tells a person who is followed.

    Raises `Forbidden`.
    """
    require(can_follow(actor, thing), _refusal(actor, thing))
    if isinstance(thing, User):
        _require_reachable(thing, actor, now)
    is_new = begin_follow(target_of(thing), actor.id or 0, now=now)
    if is_new and isinstance(thing, User):
        emit(PersonFollowed(actor.id or 0, thing.id))
    return is_new


def begin_follow(target: Target, follower_id: int, *, now: datetime) -> bool:
    """The same for anybody, without asking whether they may; nobody is told."""
    _hold_people(target, follower_id)
    if not add_if_new(Follow, follower_id=follower_id, kind=target.kind, target_id=target.id, created_at=now):
        return False
    _count(target, follower_id, 1)
    fill_feed(target, follower_id)
    return True


def unfollow(thing: Thing, *, actor: Actor) -> bool:
    """Leave off following `thing`; whether the actor did. What nothing else brings leaves the feed."""
    return end_follow(target_of(thing), actor.id or 0)


def end_follow(target: Target, follower_id: int) -> bool:
    """The same for anybody."""
    _hold_people(target, follower_id)
    theirs = (Follow.follower_id == follower_id) & (Follow.kind == target.kind) & (Follow.target_id == target.id)
    ended = db.session.execute(delete(Follow).where(theirs).execution_options(synchronize_session=False))
    if not ended.rowcount:  # type: ignore[attr-defined]
        return False
    _count(target, follower_id, -1)
    empty_feed(target, follower_id)
    return True


def _hold_people(target: Target, follower_id: int) -> None:
    """Hold the rows of two people before their numbers change, in one order for all."""
    if target.kind == PERSON:
        both = select(User.id).where(User.id.in_((follower_id, target.id))).order_by(User.id)
        db.session.execute(both.with_for_update())


def _count(target: Target, follower_id: int, by: int) -> None:
    if target.kind == PERSON:
        add_to(User, target.id, follower_count=by)
        add_to(User, follower_id, following_count=by)
    elif target.kind == TAG:
        add_to(Tag, target.id, follower_count=by)


def _require_reachable(person: User, actor: Actor, now: datetime) -> None:
    """Refuse as a message to them would be refused."""
    mine, against_me = blocks_among(actor.id or 0, [person.id])
    require(not against_me, _("%(name)s does not want to be followed by you.", name=person.username))
    require(not mine, _("You have blocked %(name)s. To follow them, unblock them first.", name=person.username))
    is_suspended = person.suspended_until is not None and person.suspended_until > now
    require(not is_suspended, _("%(name)s is suspended and writes nothing at present.", name=person.username))


def _refusal(actor: Actor, thing: Thing) -> str:
    if actor.is_suspended:
        return _("Your account is suspended at present; you can read, but not write.")
    if isinstance(thing, User):
        return _("You cannot follow yourself.")
    return _("Only questions of others can be followed: you are told of answers to your own anyway.")
