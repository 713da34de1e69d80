"""Writing into the stream. Rows wait in the session and are written last, under the lock that puts ids in order."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from madang.core.db import after_commit, before_commit, db, increase
from madang.core.doorbell import ring
from madang.core.live import Event, Ticket

from .models import Notification, StreamHead

HEAD = 1
BATCH = 500
WAITING = "stream"

_EVENT = (Notification.id, Notification.user_id, Notification.topic, Notification.name, Notification.payload)
_TAIL = select(*_EVENT).where(Notification.id > bindparam("after")).order_by(Notification.id).limit(BATCH)
_HEAD = select(StreamHead.last_id).where(StreamHead.id == HEAD)


def append(**values: Any) -> Notification:
    """Add a row to the stream at the end of this transaction; its id is known then."""
    row = Notification(**values)
    db.session.info.setdefault(WAITING, []).append(row)
    before_commit(_write)
    return row


def set_state(
    user_id: int, name: str, payload: dict[str, Any] | Callable[[], dict[str, Any]], *, subject: str = "", now: datetime
) -> None:
    """Tell a person what something is now: the newest takes the place of the older of that name and subject.

    A payload that is a function is asked at the end of the transaction, so that it counts everything in it.
    """
    key = f"{name}:{subject}" if subject else name
    waiting = db.session.info.setdefault(WAITING, [])
    waiting[:] = [row for row in waiting if (row.user_id, row.state_key) != (user_id, key)]
    append(user_id=user_id, name=name, payload=payload, state_key=key, created_at=now)


def publish(topic: str, name: str, payload: dict[str, Any], *, now: datetime) -> None:
    """Tell everybody who has `topic` open."""
    append(topic=topic, name=name, payload=payload, created_at=now)


def end_streams(user_id: int, session_ids: Sequence[int] | None, *, now: datetime) -> None:
    """Close the streams of sessions that ended; None: all of the person's."""
    payload = {"session_ids": None if session_ids is None else list(session_ids)}
    append(user_id=user_id, name="session_ended", payload=payload, created_at=now)


def last_id() -> int:
    """The id of the newest event."""
    return next((row.last_id for row in db.rows(_HEAD)), 0)


def _write() -> None:
    rows: list[Notification] = db.session.info.pop(WAITING, [])
    if not rows:
        return
    for row in rows:
        if callable(row.payload):
            row.payload = row.payload()
    db.session.flush()
    increase(StreamHead, {"id": HEAD}, "last_id", len(rows))
    first = last_id() - len(rows) + 1
    for number, row in enumerate(rows):
        row.id = first + number
        if row.state_key is not None:
            older = (Notification.user_id == row.user_id) & (Notification.state_key == row.state_key)
            db.session.execute(delete(Notification).where(older).execution_options(synchronize_session=False))
    db.session.add_all(rows)
    db.session.flush()
    after_commit(ring)


class StreamTable:
    """The table as the hub reads it, in the hub's own thread."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def events_after(self, event_id: int) -> Sequence[Event]:
        with self.app.app_context():
            return [Event(*row) for row in db.rows(_TAIL, {"after": event_id})]

    def events_for(self, ticket: Ticket, event_id: int, up_to: int) -> Sequence[Event]:
        theirs = Notification.user_id == ticket.user_id
        if ticket.topics:
            theirs |= Notification.topic.in_(ticket.topics)
        missed = select(*_EVENT).where(Notification.id > event_id, Notification.id <= up_to, theirs)
        missed = missed.where(Notification.name != "session_ended").order_by(Notification.id).limit(BATCH)
        with self.app.app_context():
            return [Event(*row) for row in db.rows(missed)]
