"""Write and read the event stream. Rows are written at the end of a transaction, so that ids are in commit order."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import bindparam, delete, insert, select

from madang.boards.queries import hidden_board_ids, restricted_board_ids
from madang.core.actor import Actor
from madang.core.db import after_commit, before_commit, db, increase_and_get
from madang.core.server.events import SESSION_ENDED, Event, Ticket
from madang.core.server.wakeup import wake_listeners

from ..models.tables import Notification, Payload, StreamHead

HEAD_ID = 1
BATCH_SIZE = 500
PENDING = "stream"
NEW_POSTS = "posts"  # the topic of lists of posts; new ones on a board that not everybody may see are on its own topic

_EVENT = (Notification.id, Notification.user_id, Notification.topic, Notification.name, Notification.payload)
_TAIL = select(*_EVENT).where(Notification.id > bindparam("after")).order_by(Notification.id).limit(BATCH_SIZE)
_TABLE = Notification.__table__
_INSERT = insert(_TABLE)
_DELETE_STATES = delete(_TABLE).where(
    _TABLE.c.user_id.in_(bindparam("people", expanding=True)), _TABLE.c.state_key == bindparam("key")
)
_DEFAULTS = {**dict.fromkeys(_TABLE.c.keys()), "is_activity": False}
_HEAD = select(StreamHead.last_id).where(StreamHead.id == HEAD_ID)


StatesOf = Callable[[Sequence[int]], dict[int, Payload]]  # the present state of each of these people


def append(**values: object) -> None:
    """Add a row to the stream; it gets its id and is written at the end of the transaction."""
    db.session.info.setdefault(PENDING, []).append({**_DEFAULTS, **values})
    before_commit(_write_pending)


def set_state(user_id: int, name: str, payload: Payload | StatesOf, *, subject: str = "", now: datetime) -> None:
    """Publish a person's current value of a state; it replaces the older row of the same name and subject.

    A callable payload is called at the end of the transaction, so that it counts everything written in it: once for
    all people whose state it is.
    """
    key = f"{name}:{subject}" if subject else name
    pending = db.session.info.setdefault(PENDING, [])
    pending[:] = [row for row in pending if (row["user_id"], row["state_key"]) != (user_id, key)]
    append(user_id=user_id, name=name, payload=payload, state_key=key, created_at=now)


def publish(topic: str, name: str, payload: Payload, *, now: datetime) -> None:
    """Publish an event to everybody who has `topic` open."""
    append(topic=topic, name=name, payload=payload, created_at=now)


def drop_pending(user_id: int) -> None:
    """Drop what this transaction has added for a person: nobody reads it once their account is gone."""
    pending = db.session.info.setdefault(PENDING, [])
    pending[:] = [row for row in pending if row["user_id"] != user_id]


def end_streams(user_id: int, session_ids: Sequence[int] | None, *, now: datetime) -> None:
    """Close the streams of these sessions; None closes all streams of the person."""
    payload = {"session_ids": None if session_ids is None else list(session_ids)}
    append(user_id=user_id, name=SESSION_ENDED, payload=payload, created_at=now)


def end_streams_of_topic(topic: str, *, now: datetime) -> None:
    """Close the streams of everybody who has `topic` open; those who still may reconnect."""
    append(topic=topic, name=SESSION_ENDED, payload={}, created_at=now)


def end_all_streams(*, now: datetime) -> None:
    """Close every stream; browsers reconnect within seconds, with the permissions of now."""
    append(name=SESSION_ENDED, payload={}, created_at=now)


def new_posts_topic(board_id: int) -> str:
    """The topic of new posts on a board."""
    return f"board:{board_id}" if board_id in restricted_board_ids() else NEW_POSTS


def topics_for(actor: Actor, topics: Iterable[str]) -> tuple[str, ...]:
    """The topics of the stream of `actor` who asks for `topics`, with restricted boards that they may see."""
    asked = tuple(dict.fromkeys(topics))
    boards = sorted(restricted_board_ids() - set(hidden_board_ids(actor))) if NEW_POSTS in asked else ()
    return asked + tuple(map(new_posts_topic, boards))


def last_id() -> int:
    """Return the id of the newest event, 0 without any."""
    return next((row.last_id for row in db.rows(_HEAD)), 0)


def _write_pending() -> None:
    rows: list[dict[str, Any]] = db.session.info.pop(PENDING, [])
    if not rows:
        return
    db.session.flush()
    _read_states(rows)
    newest_id = increase_and_get(StreamHead, {"id": HEAD_ID}, "last_id", len(rows))
    for number, row in enumerate(rows, newest_id - len(rows) + 1):
        row["id"] = number
    for key in sorted({row["state_key"] for row in rows if row["state_key"] is not None}):
        db.write(_DELETE_STATES, {"people": [row["user_id"] for row in rows if row["state_key"] == key], "key": key})
    db.write(_INSERT, rows)
    after_commit(wake_listeners)


def _read_states(rows: list[dict[str, Any]]) -> None:
    """Put the present states in the place of the functions that return them."""
    for states_of in {row["payload"] for row in rows if callable(row["payload"])}:
        mine = [row for row in rows if row["payload"] is states_of]
        states = states_of([row["user_id"] for row in mine])
        for row in mine:
            row["payload"] = states[row["user_id"]]


class Application(Protocol):
    def app_context(self) -> AbstractContextManager[object]: ...


class StreamTable:
    """The `EventSource` of the hub, which reads the table in its own thread."""

    def __init__(self, app: Application) -> None:
        self.app = app

    def events_after(self, event_id: int) -> Sequence[Event]:
        with self.app.app_context():
            return [Event(*row) for row in db.rows(_TAIL, {"after": event_id})]

    def events_for(self, ticket: Ticket, event_id: int, up_to: int) -> Sequence[Event]:
        is_relevant = Notification.user_id == ticket.user_id
        if ticket.topics:
            is_relevant |= Notification.topic.in_(ticket.topics)
        events = select(*_EVENT).where(Notification.id > event_id, Notification.id <= up_to, is_relevant)
        events = events.where(Notification.name != SESSION_ENDED).order_by(Notification.id).limit(BATCH_SIZE)
        with self.app.app_context():
            return [Event(*row) for row in db.rows(events)]
