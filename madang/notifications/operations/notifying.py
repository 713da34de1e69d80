"""Mark notifications as read, publish unread counts, change preferences, delete old notifications."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, and_, bindparam, delete, func, select, update

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import add_to, db
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.settings import setting
from madang.posts.models import Post

from ..kinds import CHANNELS, KINDS
from ..models.tables import (
    DIGESTS,
    PERIODS,
    Notification,
    NotificationReceipt,
    Payload,
)
from ..queries import preferences_of
from .stream import StatesOf, drop_pending, set_state

TOPIC_EVENT_RETENTION = timedelta(days=2)
# Columns of `User`, and the names of the states in the stream.
UNREAD_COUNT = "unread_notification_count"
UNREAD_MESSAGE_COUNT = "unread_message_count"
_IS_UNREAD = (Notification.is_activity, Notification.read_at.is_(None))


def publish_count(user_id: int, name: str, *, now: datetime) -> None:
    """Publish a person's unread count, as it is at the end of this transaction, to every open tab."""
    set_state(user_id, name, _counts_of(name), now=now)


@cache
def _counts_of(name: str) -> StatesOf:
    """A function of people that returns the unread count of each, by the column `name`."""
    counts = select(User.id, getattr(User, name).label("count")).where(User.id.in_(bindparam("people", expanding=True)))

    def counts_of(user_ids: Sequence[int]) -> dict[int, Payload]:
        found = {row.id: row.count for row in db.write(counts, {"people": user_ids})}
        return {user_id: {"count": found.get(user_id, 0)} for user_id in user_ids}

    return counts_of


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
    """Delete activity and receipts after NOTIFICATION_RETENTION_DAYS, and events of topics after two days."""
    oldest = now - timedelta(days=setting("NOTIFICATION_RETENTION_DAYS"))
    _delete_notifications(Notification.created_at < oldest, now=now)
    topic_events = (~Notification.is_activity) & Notification.state_key.is_(None)
    for expired in (
        delete(Notification).where(topic_events, Notification.created_at < now - TOPIC_EVENT_RETENTION),
        delete(NotificationReceipt).where(NotificationReceipt.told_at < oldest),
    ):
        db.session.execute(expired.execution_options(synchronize_session=False))
