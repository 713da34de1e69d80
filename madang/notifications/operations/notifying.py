"""Notify people, mark notifications as read, change preferences, delete old notifications."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, and_, delete, func, select, update

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import add_if_new, add_to, db
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.posts.models import Post

from ..kinds import CHANNELS, KINDS
from ..models.tables import (
    DIGESTS,
    MAX_ACTORS,
    PERIODS,
    Notification,
    NotificationReceipt,
    Payload,
)
from ..queries import preferences_of
from .stream import append, drop_pending, set_state

RETENTION = timedelta(days=90)
TOPIC_EVENT_RETENTION = timedelta(days=2)
# Columns of `User`, and the names of the states in the stream.
UNREAD_COUNT = "unread_notification_count"
UNREAD_MESSAGE_COUNT = "unread_message_count"
_IS_UNREAD = (Notification.is_activity, Notification.read_at.is_(None))


def notify(
    user_id: int, name: str, *, dedupe_key: str, group: str, payload: Payload, post_id: int | None, now: datetime
) -> list[str]:
    """Notify a person of an activity, unless they were notified with the same `dedupe_key` before.

    `payload["actor_id"]` is who caused it. Unread notifications of the same `group` are combined into one row.
    Returns the channels that the person chose: "web" is done here, "email" is left to the caller.
    """
    # Lock the person: concurrent calls would each create the group, or deadlock.
    person = db.session.get(User, user_id, with_for_update={"key_share": True})
    if (
        person is None
        or person.is_deleted
        or not add_if_new(NotificationReceipt, user_id=user_id, dedupe_key=dedupe_key, told_at=now)
    ):
        return []
    kind, choices = KINDS[name], preferences_of(user_id).choices
    if kind.is_delivered_by("web", choices):
        _add_to_list(person, name, group=group, payload=payload, post_id=post_id, now=now)
    return [channel for channel in ("web", "email") if kind.is_delivered_by(channel, choices)]


def _add_to_list(person: User, name: str, *, group: str, payload: Payload, post_id: int | None, now: datetime) -> None:
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
        earlier_actors = [actor for actor in earlier.payload["actor_ids"] if actor not in actors]
        count = earlier.payload["count"] + 1
        actors = (actors + earlier_actors)[:MAX_ACTORS]
        db.session.delete(earlier)
    details = {key: value for key, value in payload.items() if key != "actor_id"}
    append(
        user_id=person.id, name=name, payload={**details, "actor_ids": actors, "count": count}, is_activity=True,
        group_key=group, post_id=post_id, created_at=now,
    )  # fmt: skip
    publish_count(person.id, UNREAD_COUNT, now=now)


def publish_count(user_id: int, name: str, *, now: datetime) -> None:
    """Publish a person's unread count, as it is at the end of this transaction, to every open tab."""
    number = select(getattr(User, name)).where(User.id == user_id)
    set_state(user_id, name, lambda: {"count": db.session.scalar(number) or 0}, now=now)


def mark_read(ids: Iterable[int] | None, *, actor: Actor, now: datetime) -> None:
    """Mark these of the actor's notifications as read, or all of them (None), and publish the count."""
    _mark_read(None if ids is None else Notification.id.in_(list(ids)), user_id=actor.id or 0, now=now)


def mark_post_read(post_ids: Iterable[int], *, user_id: int, now: datetime) -> None:
    """Mark a person's notifications about posts and their answers as read."""
    ids = list(post_ids)
    about_posts = select(Post.id).where(Post.id.in_(ids) | Post.parent_id.in_(ids))
    _mark_read(Notification.post_id.in_(about_posts), user_id=user_id, now=now)


def mark_group_read(group: str, *, user_id: int, now: datetime) -> None:
    """Mark a person's notifications of a group, such as a conversation, as read."""
    _mark_read(Notification.group_key == group, user_id=user_id, now=now)


def _mark_read(condition: ColumnElement[bool] | None, *, user_id: int, now: datetime) -> None:
    """Mark a person's unread notifications that meet `condition`, or all of them (None), as read."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    unread = update(Notification).where(Notification.user_id == user_id, *_IS_UNREAD)
    change = (unread if condition is None else unread.where(condition)).values(read_at=now)
    marked = cast("CursorResult[int]", db.session.execute(change.execution_options(synchronize_session=False)))
    if marked.rowcount:
        add_to(User, user_id, unread_notification_count=-marked.rowcount)
        publish_count(user_id, UNREAD_COUNT, now=now)


def delete_post_notifications(post_id: int, *, now: datetime) -> None:
    """Delete the notifications about a post."""
    _delete_notifications(Notification.post_id == post_id, now=now)


def _delete_notifications(condition: ColumnElement[bool], *, now: datetime) -> None:
    """Delete notifications that meet `condition`, and lower the unread counts."""
    unread = and_(condition, *_IS_UNREAD)
    people = select(Notification.user_id).where(unread, Notification.user_id.is_not(None)).distinct()
    for user_id in db.session.scalars(people.order_by(Notification.user_id)).all():
        db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
        count = db.session.scalar(select(func.count()).where(unread, Notification.user_id == user_id)) or 0
        add_to(User, user_id or 0, unread_notification_count=-count)
        publish_count(user_id or 0, UNREAD_COUNT, now=now)
    db.session.execute(delete(Notification).where(condition).execution_options(synchronize_session=False))


def delete_user_notifications(user_id: int) -> None:
    """Delete all notifications of a person, also those that this transaction has added."""
    drop_pending(user_id)
    theirs = delete(Notification).where(Notification.user_id == user_id)
    db.session.execute(theirs.execution_options(synchronize_session=False))
    db.session.execute(update(User).where(User.id == user_id).values(unread_notification_count=0))


def set_preferences(choices: dict[str, str], digest: str, *, actor: Actor, now: datetime) -> None:
    """Set the channel of these kinds and how often a digest is mailed; the first comes one period from now.

    Raises `InvalidInput`.
    """
    if digest not in DIGESTS or any(kind not in KINDS or channel not in CHANNELS for kind, channel in choices.items()):
        raise InvalidInput(_("Please choose one of the options."))
    preferences = preferences_of(actor.id or 0)
    preferences.choices = {**preferences.choices, **choices}
    period = PERIODS.get(digest)
    preferences.digest, preferences.digest_at = digest, now + period if period else None
    db.session.add(preferences)
    db.session.flush()


def stop_mails(user_id: int, kind: str) -> None:
    """Stop a person's mails of a kind ("digest" is one)."""
    preferences = preferences_of(user_id)
    if kind == "digest":
        preferences.digest, preferences.digest_at = "none", None
    elif kind in KINDS:
        is_on_page = KINDS[kind].is_delivered_by("web", preferences.choices)
        preferences.choices = {**preferences.choices, kind: "web" if is_on_page else "none"}
    db.session.add(preferences)
    db.session.flush()


def purge(*, now: datetime) -> None:
    """Delete activity and receipts after 90 days, and events of topics after two days."""
    _delete_notifications(Notification.created_at < now - RETENTION, now=now)
    topic_events = (~Notification.is_activity) & Notification.state_key.is_(None)
    for expired in (
        delete(Notification).where(topic_events, Notification.created_at < now - TOPIC_EVENT_RETENTION),
        delete(NotificationReceipt).where(NotificationReceipt.told_at < now - RETENTION),
    ):
        db.session.execute(expired.execution_options(synchronize_session=False))
