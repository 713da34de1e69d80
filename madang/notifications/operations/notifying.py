"""Telling people, and their marks on what they were told."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, select, update

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import add_if_new, add_to, db
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.posts.models import Post

from ..models.kinds import KINDS, WHERE, is_told_by
from ..models.tables import DIGESTS, PEOPLE_NAMED, PERIODS, Notification, NotificationPreferences, NotificationReceipt
from ..queries import preferences_of
from .stream import append, set_state

KEPT = timedelta(days=90)
STATE_KEPT = timedelta(days=2)
# Columns of a person, and the names under which open pages hear of them.
UNREAD = "unread_notification_count"
UNREAD_MESSAGES = "unread_message_count"
_UNREAD = (Notification.is_activity, Notification.read_at.is_(None))


def notify(
    user_id: int, name: str, *, thing: str, group: str, payload: dict[str, Any], post_id: int | None, now: datetime
) -> list[str]:
    """Tell a person of an activity, unless they were told of `thing` before.

    Returns where they want to know of it ("web", which is done now, and "email", which is for a mail's job).
    `payload` names who did it as `actor_id`. What is unread of the same group becomes one row with it.
    """
    # Held from here on: two at the same instant would each begin the group, or wait for each other.
    person = db.session.get(User, user_id, with_for_update={"key_share": True})
    if (
        person is None
        or person.is_deleted
        or not add_if_new(NotificationReceipt, user_id=user_id, thing=thing, told_at=now)
    ):
        return []
    choices = preferences_of(user_id).choices
    if is_told_by(name, "web", choices):
        _list(person, name, group=group, payload=payload, post_id=post_id, now=now)
    return [where for where in ("web", "email") if is_told_by(name, where, choices)]


def _list(person: User, name: str, *, group: str, payload: dict[str, Any], post_id: int | None, now: datetime) -> None:
    earlier = db.session.scalar(
        select(Notification).where(
            Notification.user_id == person.id, Notification.group_key == group, Notification.read_at.is_(None)
        )
    )
    actors = [payload["actor_id"]] if payload.get("actor_id") else []
    count = 1
    if earlier is None:
        add_to(User, person.id, unread_notification_count=1)
    else:
        known = [actor for actor in earlier.payload["actor_ids"] if actor not in actors]
        count = earlier.payload["count"] + 1
        actors = (actors + known)[:PEOPLE_NAMED]
        db.session.delete(earlier)
    told = {key: value for key, value in payload.items() if key != "actor_id"}
    append(
        user_id=person.id, name=name, payload={**told, "actor_ids": actors, "count": count}, is_activity=True,
        group_key=group, post_id=post_id, created_at=now,
    )  # fmt: skip
    publish_count(person.id, UNREAD, now=now)


def publish_count(user_id: int, name: str, *, now: datetime) -> None:
    """Let the bell or the inbox in every open tab show the number that holds at the end of this transaction."""
    number = select(getattr(User, name)).where(User.id == user_id)
    set_state(user_id, name, lambda: {"count": db.session.scalar(number) or 0}, now=now)


def mark_read(ids: Iterable[int] | None, *, actor: Actor, now: datetime) -> None:
    """Mark these of one's notifications as read, or all of them (None); the bell drops in every tab."""
    _mark(None if ids is None else Notification.id.in_(list(ids)), user_id=actor.id or 0, now=now)


def mark_post_read(post_ids: Iterable[int], *, user_id: int, now: datetime) -> None:
    """Who looks at a post has read what they were told of it and of its answers."""
    ids = list(post_ids)
    shown = select(Post.id).where(Post.id.in_(ids) | Post.parent_id.in_(ids))
    _mark(Notification.post_id.in_(shown), user_id=user_id, now=now)


def mark_group_read(group: str, *, user_id: int, now: datetime) -> None:
    """The same for what stands together, such as a conversation."""
    _mark(Notification.group_key == group, user_id=user_id, now=now)


def _mark(which: Any, *, user_id: int, now: datetime) -> None:
    """Mark those of a person's unread notifications that `which` says, or all of them (None)."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    unread = update(Notification).where(Notification.user_id == user_id, *_UNREAD)
    change = (unread if which is None else unread.where(which)).values(read_at=now)
    marked = db.session.execute(change.execution_options(synchronize_session=False))
    if marked.rowcount:  # type: ignore[attr-defined]
        add_to(User, user_id, unread_notification_count=-marked.rowcount)  # type: ignore[attr-defined]
        publish_count(user_id, UNREAD, now=now)


def forget_post(post_id: int, *, now: datetime) -> None:
    """Nobody is told any more of a post that was taken away."""
    _drop(Notification.post_id == post_id, now=now)


def _drop(which: Any, *, now: datetime) -> None:
    """Delete notifications; the bells of those who had not read them drop."""
    unread = and_(which, *_UNREAD)
    people = select(Notification.user_id).where(unread, Notification.user_id.is_not(None)).distinct()
    for user_id in db.session.scalars(people.order_by(Notification.user_id)).all():
        db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
        count = db.session.scalar(select(func.count()).where(unread, Notification.user_id == user_id)) or 0
        add_to(User, user_id or 0, unread_notification_count=-count)
        publish_count(user_id or 0, UNREAD, now=now)
    db.session.execute(delete(Notification).where(which).execution_options(synchronize_session=False))


def forget_person(user_id: int) -> None:
    """Whoever left is told nothing any more."""
    for table in (Notification, NotificationReceipt, NotificationPreferences):
        theirs: Any = table.user_id == user_id
        db.session.execute(delete(table).where(theirs).execution_options(synchronize_session=False))
    db.session.execute(update(User).where(User.id == user_id).values(unread_notification_count=0))


def set_preferences(choices: dict[str, str], digest: str, *, actor: Actor, now: datetime) -> None:
    """Where a person wants to be told of each kind, and how often they want a digest; the first comes a period on."""
    if digest not in DIGESTS or any(kind not in KINDS or where not in WHERE for kind, where in choices.items()):
        raise InvalidInput(_("Please choose one of the options."))
    preferences = preferences_of(actor.id or 0)
    preferences.choices = {**preferences.choices, **choices}
    period = PERIODS.get(digest)
    preferences.digest, preferences.digest_at = digest, now + period if period else None
    db.session.add(preferences)
    db.session.flush()


def stop_mails(user_id: int, kind: str) -> None:
    """Send no more mails of a kind, as the link at a mail's end asks ("digest" is one of them)."""
    preferences = preferences_of(user_id)
    if kind == "digest":
        preferences.digest, preferences.digest_at = "none", None
    elif kind in KINDS:
        is_on_page = is_told_by(kind, "web", preferences.choices)
        preferences.choices = {**preferences.choices, kind: "web" if is_on_page else "none"}
    db.session.add(preferences)
    db.session.flush()


def purge(*, now: datetime) -> None:
    """Forget what is old: activity after three months, what only open pages needed after two days."""
    _drop(Notification.created_at < now - KEPT, now=now)
    passing = (~Notification.is_activity) & Notification.state_key.is_(None)
    for old in (
        delete(Notification).where(passing, Notification.created_at < now - STATE_KEPT),
        delete(NotificationReceipt).where(NotificationReceipt.told_at < now - KEPT),
    ):
        db.session.execute(old.execution_options(synchronize_session=False))
