"""Notify the recipients of notices, all those of a notice in a few statements."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, delete, insert, select, update

from madang.accounts.models import User
from madang.core.db import db
from madang.messages.queries.people import blocks_among

from ..kinds import KINDS, Notice
from ..models.tables import MAX_ACTORS, Notification, NotificationPreferences, NotificationReceipt, Payload
from .notifying import UNREAD_COUNT, publish_count
from .stream import append

_PEOPLE: BindParameter[int] = bindparam("people", expanding=True)
_LOCKED = (
    select(User.id, (User.email.is_not(None) & User.email_confirmed_at.is_not(None)).label("has_address"))
    .where(User.id.in_(_PEOPLE), User.deleted_at.is_(None))
    .order_by(User.id)
    .with_for_update(key_share=True)
)
_RECEIPT = NotificationReceipt.__table__
_NOTIFIED = select(_RECEIPT.c.user_id).where(
    _RECEIPT.c.user_id.in_(_PEOPLE), _RECEIPT.c.dedupe_key == bindparam("dedupe_key")
)
_CHOICES = select(NotificationPreferences.user_id, NotificationPreferences.choices).where(
    NotificationPreferences.user_id.in_(_PEOPLE)
)
_GROUPED = select(Notification.id, Notification.user_id, Notification.payload).where(
    Notification.user_id.in_(_PEOPLE),
    Notification.group_key == bindparam("group_key"),
    Notification.read_at.is_(None),
)
_DELETED = delete(Notification.__table__).where(Notification.id.in_(bindparam("ids", expanding=True)))
_COUNTED = (
    update(User.__table__)
    .where(User.id.in_(_PEOPLE))
    .values(unread_notification_count=User.unread_notification_count + 1)
)


def deliver_notices(notices: Iterable[Notice], *, now: datetime) -> list[tuple[int, Notice]]:
    """Notify each person by the first notice that names them, unless they were notified with its `dedupe_key` before.

    Unread notifications of one `group_key` are combined into one row. Returns the person and notice of each mail to
    send: to those who want one and have a confirmed address.
    """
    notice_by_person: dict[int, Notice] = {}
    for notice in notices:
        for user_id in _reachable_ids(notice):
            notice_by_person.setdefault(user_id, notice)
    mails = []
    has_address = _lock_people(sorted(notice_by_person))
    for notice in {id(each): each for each in notice_by_person.values()}.values():
        people = [user_id for user_id in has_address if notice_by_person[user_id] is notice]
        mails += [(user_id, notice) for user_id in _deliver(notice, people, now) if has_address[user_id]]
    return mails


def _reachable_ids(notice: Notice) -> set[int]:
    """The recipients without the person who caused the notice and those who blocked that person."""
    actor_id = notice.payload.get("actor_id")
    people = {person for person in notice.recipients if person is not None and person != actor_id}
    _blocked, blockers = blocks_among(actor_id, sorted(people)) if actor_id is not None else (set(), set())
    return people - blockers


def _lock_people(user_ids: Sequence[int]) -> dict[int, bool]:
    """Lock people, who exist still; return whether each has a confirmed address.

    Concurrent calls would each create the same group, or deadlock.
    """
    return {row.id: row.has_address for row in db.write(_LOCKED, {"people": user_ids})} if user_ids else {}


def _deliver(notice: Notice, people: Sequence[int], now: datetime) -> list[int]:
    """Notify locked people; return those who want a mail."""
    notified = (
        set(db.write(_NOTIFIED, {"people": people, "dedupe_key": notice.dedupe_key}).scalars()) if people else set()
    )
    new = [user_id for user_id in people if user_id not in notified]
    if not new:
        return []
    receipts = [{"user_id": user_id, "dedupe_key": notice.dedupe_key, "told_at": now} for user_id in new]
    db.write(insert(_RECEIPT), receipts)
    kind = KINDS[notice.kind]
    choices = {row.user_id: row.choices for row in db.write(_CHOICES, {"people": new})}
    _add_to_lists([each for each in new if kind.is_delivered_by("web", choices.get(each, {}))], notice, now)
    return [each for each in new if kind.is_delivered_by("email", choices.get(each, {}))]


def _add_to_lists(people: Sequence[int], notice: Notice, now: datetime) -> None:
    if not people:
        return
    grouped = db.write(_GROUPED, {"people": people, "group_key": notice.group_key}).all()
    earlier = {row.user_id: row.payload for row in grouped}
    if grouped:
        db.write(_DELETED, {"ids": [row.id for row in grouped]})
    if counted := [user_id for user_id in people if user_id not in earlier]:
        db.write(_COUNTED, {"people": counted})
    for user_id in people:
        append(
            user_id=user_id,
            name=notice.kind,
            payload=_combine(notice.payload, earlier.get(user_id)),
            is_activity=True,
            group_key=notice.group_key,
            post_id=notice.payload.get("post_id"),
            created_at=now,
        )
        publish_count(user_id, UNREAD_COUNT, now=now)


def _combine(payload: Payload, earlier: Payload | None) -> Payload:
    """The payload of a row that also stands for the unread notifications of its group that are `earlier`."""
    actors = [payload["actor_id"]] if payload.get("actor_id") else []
    count = 1
    if earlier is not None:
        actors = (actors + [actor for actor in earlier["actor_ids"] if actor not in actors])[:MAX_ACTORS]
        count += earlier["count"]
    details = {key: value for key, value in payload.items() if key != "actor_id"}
    return {**details, "actor_ids": actors, "count": count}
