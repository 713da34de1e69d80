"""To-dos that go on after a key, for programs."""

from datetime import date, time
from typing import Any

from sqlalchemy import Date, Row, Time, func, literal, tuple_

from madang.core.actor import Actor
from madang.core.db import db

from ..models import Todo
from .todos import ROWS

STATES = ("open", "done", "deleted")
SORTS = ("position", "due")
NO_DAY, NO_TIME = date.max, time(23, 59, 59)
_DUE_ON = func.coalesce(Todo.due_on, literal(NO_DAY, Date))
_DUE_TIME = func.coalesce(Todo.due_time, literal(NO_TIME, Time))


def todos_after(
    actor: Actor, *, state: str, sort: str, list_id: int | None, after: tuple[Any, ...] | None, limit: int
) -> list[Row]:
    """The actor's next to-dos after a key: in their own order or by day; those done or deleted with the last first.

    What has no day comes after what has one, and what has no time after the rest of its day.
    """
    rows = ROWS.where(Todo.user_id == actor.id, *_state(state))
    if list_id is not None:
        rows = rows.where(Todo.list_id == list_id)
    columns = _columns(state, sort)
    is_falling = state != "open"
    if after is not None:
        here, there = tuple_(*columns), tuple_(*_values(after, state, sort))
        rows = rows.where(here < there if is_falling else here > there)
    return list(db.rows(rows.order_by(*(column.desc() if is_falling else column for column in columns)).limit(limit)))


def _state(state: str) -> tuple[Any, ...]:
    if state == "deleted":
        return (Todo.deleted_at.is_not(None),)
    return Todo.deleted_at.is_(None), Todo.done_at.is_(None) if state == "open" else Todo.done_at.is_not(None)


def _columns(state: str, sort: str) -> tuple[Any, ...]:
    if state != "open":
        return (Todo.deleted_at if state == "deleted" else Todo.done_at), Todo.id
    return (Todo.position, Todo.id) if sort == "position" else (_DUE_ON, _DUE_TIME, Todo.position, Todo.id)


def _values(after: tuple[Any, ...], state: str, sort: str) -> tuple[Any, ...]:
    """A key as the database compares it."""
    if state != "open":
        moment, last = after
        return literal(moment, Todo.created_at.type), last
    if sort == "position":
        return after
    day, clock, *rest = after
    return literal(date.fromisoformat(day), Date), literal(time.fromisoformat(clock), Time), *rest


def key_of(row: Row, state: str, sort: str) -> tuple[Any, ...]:
    """What a row is sorted by."""
    if state != "open":
        return row.deleted_at if state == "deleted" else row.done_at, row.id
    if sort == "position":
        return row.position, row.id
    return (row.due_on or NO_DAY).isoformat(), (row.due_time or NO_TIME).isoformat(), row.position, row.id
