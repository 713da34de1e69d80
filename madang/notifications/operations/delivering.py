"""Notify the recipients of notices, all those of a notice in a few statements."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, delete, insert, select, update

from madang.accounts.models import User
from madang.boards.queries import readers_among
from madang.core.db import db
from madang.messages.queries.people import blocks_among
from madang.posts.models import Post

from ..kinds import KINDS, Notice
from ..models.tables import Notification, NotificationPreferences, NotificationReceipt
from .grouping import combine
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
_NOTIFIED = select(_RECEIPT.c.user_id, _RECEIPT.c.dedupe_key).where(
    _RECEIPT.c.user_id.in_(_PEOPLE), _RECEIPT.c.dedupe_key.in_(bindparam("dedupe_keys", expanding=True))
)
_CHOICES = select(NotificationPreferences.user_id, NotificationPreferences.choices).where(
    NotificationPreferences.user_id.in_(_PEOPLE)
)
_GROUPED = select(Notification.id, Notification.user_id, Notification.group_key, Notification.payload).where(
    Notification.user_id.in_(_PEOPLE),
    Notification.group_key.in_(bindparam("group_keys", expanding=True)),
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
    notice_of = _first_notices(list(notices))
    has_address = _lock_people(sorted(notice_of))
    new = _not_notified({user_id: notice_of[user_id] for user_id in has_address})
    if not new:
        return []
    receipts = [{"user_id": user_id, "dedupe_key": new[user_id].dedupe_key, "told_at": now} for user_id in new]
    db.write(insert(_RECEIPT), receipts)
    choices = {row.user_id: row.choices for row in db.write(_CHOICES, {"people": list(new)})}

    def wants(channel: str, user_id: int) -> bool:
        return KINDS[new[user_id].kind].is_delivered_by(channel, choices.get(user_id, {}))

    _add_to_lists({user_id: notice for user_id, notice in new.items() if wants("web", user_id)}, now)
    return [(user_id, notice) for user_id, notice in new.items() if has_address[user_id] and wants("email", user_id)]


def _first_notices(notices: Sequence[Notice]) -> dict[int, Notice]:
    """The first notice that names each person, without those who caused one and those who blocked that person.

    A notice about what stands on a board is for those who may see the board.
    """
    people: dict[int | None, set[int]] = {}  # by the person who caused their notices
    for notice in notices:
        people.setdefault(notice.payload.get("actor_id"), set()).update(filter(None, notice.recipients))
    for actor_id, recipients in people.items():
        if actor_id is not None:
            recipients.discard(actor_id)
            recipients -= blocks_among(actor_id, sorted(recipients))[1]
    readers = _readers(notices, set().union(*people.values()))
    notice_of: dict[int, Notice] = {}
    for notice in notices:
        reachable = people[notice.payload.get("actor_id")] & readers.get(notice.payload.get("post_id"), set())
        for user_id in notice.recipients:
            if user_id in reachable:
                notice_of.setdefault(user_id, notice)
    return notice_of


def _readers(notices: Sequence[Notice], user_ids: set[int]) -> dict[int | None, set[int]]:
    """Those of these people who may see each post that the notices are about; by None those of notices about none."""
    post_ids = {post_id for notice in notices if (post_id := notice.payload.get("post_id"))}
    boards = db.rows(select(Post.id, Post.board_id).where(Post.id.in_(post_ids))) if post_ids and user_ids else ()
    return {None: user_ids, **{row.id: readers_among(row.board_id, user_ids) for row in boards}}


def _lock_people(user_ids: Sequence[int]) -> dict[int, bool]:
    """Lock people, who exist still; return whether each has a confirmed address.

    Concurrent calls would each create the same group, or deadlock.
    """
    return {row.id: row.has_address for row in db.write(_LOCKED, {"people": user_ids})} if user_ids else {}


def _not_notified(notice_of: dict[int, Notice]) -> dict[int, Notice]:
    """The notices of those locked people who were not notified with the `dedupe_key` of theirs."""
    if not notice_of:
        return {}
    keys = {notice.dedupe_key for notice in notice_of.values()}
    rows = db.write(_NOTIFIED, {"people": list(notice_of), "dedupe_keys": list(keys)})
    notified = {(row.user_id, row.dedupe_key) for row in rows}
    return {person: notice for person, notice in notice_of.items() if (person, notice.dedupe_key) not in notified}


def _add_to_lists(notice_of: dict[int, Notice], now: datetime) -> None:
    """Add each locked person's notice to their list, combined with the unread one of its group."""
    if not notice_of:
        return
    keys = {notice.group_key for notice in notice_of.values()}
    rows = db.write(_GROUPED, {"people": list(notice_of), "group_keys": list(keys)})
    grouped = {row.user_id: row for row in rows if row.group_key == notice_of[row.user_id].group_key}
    if grouped:
        db.write(_DELETED, {"ids": [row.id for row in grouped.values()]})
    if counted := [user_id for user_id in notice_of if user_id not in grouped]:
        db.write(_COUNTED, {"people": counted})
    for user_id, notice in notice_of.items():
        earlier = grouped.get(user_id)
        append(
            user_id=user_id,
            name=notice.kind,
            payload=combine(notice.dedupe_key, notice.payload, earlier.payload if earlier else None),
            is_activity=True,
            group_key=notice.group_key,
            post_id=notice.payload.get("post_id"),
            created_at=now,
        )
        publish_count(user_id, UNREAD_COUNT, now=now)
