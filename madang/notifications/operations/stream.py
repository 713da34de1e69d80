"""Writing into the stream. Rows wait in the session and are written last, under the lock that puts ids in order."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from madang.core.db import after_commit, before_commit, db, increased
from madang.core.server.events import Event, Ticket
from madang.core.server.wakeup import wake_listeners

from ..models.tables import Notification, StreamHead

HEAD = 1
BATCH = 500
WAITING = "stream"

_EVENT = (Notification.id, Notification.user_id, Notification.topic, Notification.name, Notification.payload)
_TAIL = select(*_EVENT).where(Notification.id > bindparam("after")).order_by(Notification.id).limit(BATCH)
_INSERT = insert(Notification.__table__)  # type: ignore[arg-type]
_REMOVE_STATE = delete(Notification.__table__).where(  # type: ignore[arg-type]
    Notification.__table__.c.user_id == bindparam("user"), Notification.__table__.c.state_key == bindparam("key")
)
_EMPTY = {**dict.fromkeys(Notification.__table__.c.keys()), "is_activity": False}
_HEAD = select(StreamHead.last_id).where(StreamHead.id == HEAD)


def append(**values: Any) -> None:
    """Add a row to the stream at the end of this transaction, which gives it its id."""
    db.session.info.setdefault(WAITING, []).append({**_EMPTY, **values})
    before_commit(_write)


def set_state(
    user_id: int, name: str, payload: dict[str, Any] | Callable[[], dict[str, Any]], *, subject: str = "", now: datetime
) -> None:
    """Tell a person what something is now: the newest takes the place of the older of that name and subject.

    A payload that is a function is asked at the end of the transaction, so that it counts everything in it.
    """
    key = f"{name}:{subject}" if subject else name
    waiting = db.session.info.setdefault(WAITING, [])
    waiting[:] = [row for row in waiting if (row["user_id"], row["state_key"]) != (user_id, key)]
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
    rows: list[dict[str, Any]] = db.session.info.pop(WAITING, [])
    if not rows:
        return
    for row in rows:
        if callable(row["payload"]):
            row["payload"] = row["payload"]()
    db.session.flush()
    last = increased(StreamHead, {"id": HEAD}, "last_id", len(rows))
    for number, row in enumerate(rows, last - len(rows) + 1):
        row["id"] = number
        if row["state_key"] is not None:
            db.write(_REMOVE_STATE, {"user": row["user_id"], "key": row["state_key"]})
    db.write(_INSERT, rows)
    after_commit(wake_listeners)


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
