"""Keyset pagination of to-dos for the API."""

from datetime import date, time
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, SQLColumnExpression, Time, func, literal, tuple_

from madang.core.actor import Actor
from madang.core.db import db

from ..models import Todo
from .todos import TODO_ROWS

STATES = ("open", "done", "deleted")
SORTS = ("position", "due")
Key = tuple[Any, ...]
NO_DAY, NO_TIME = date.max, time(23, 59, 59)
_DUE_ON = func.coalesce(Todo.due_on, literal(NO_DAY, Date))
_DUE_TIME = func.coalesce(Todo.due_time, literal(NO_TIME, Time))


def todos_after(
    actor: Actor, *, state: str, sort: str, list_id: int | None, after: Key | None, limit: int
) -> list[Row]:
    """The actor's next to-dos after a key: open ones in their own order or by day, others the latest first.

    To-dos without a day follow those with one; without a time they follow the others of their day.
    """
    rows = TODO_ROWS.where(Todo.user_id == actor.id, *_state(state))
    if list_id is not None:
        rows = rows.where(Todo.list_id == list_id)
    columns = _columns(state, sort)
    is_descending = state != "open"
    if after is not None:
        row_key, last_key = tuple_(*columns), tuple_(*_values(after, state, sort))
        rows = rows.where(row_key < last_key if is_descending else row_key > last_key)
    order = (column.desc() if is_descending else column for column in columns)
    return list(db.rows(rows.order_by(*order).limit(limit)))


def _state(state: str) -> tuple[ColumnElement[bool], ...]:
    if state == "deleted":
        return (Todo.deleted_at.is_not(None),)
    return Todo.deleted_at.is_(None), Todo.done_at.is_(None) if state == "open" else Todo.done_at.is_not(None)


def _columns(state: str, sort: str) -> tuple[SQLColumnExpression[object], ...]:
    if state != "open":
        return (Todo.deleted_at if state == "deleted" else Todo.done_at), Todo.id
    return (Todo.position, Todo.id) if sort == "position" else (_DUE_ON, _DUE_TIME, Todo.position, Todo.id)


def _values(after: Key, state: str, sort: str) -> Key:
    """The key as typed SQL values."""
    if state != "open":
        moment, last = after
        return literal(moment, Todo.created_at.type), last
    if sort == "position":
        return after
    day, clock, *rest = after
    return literal(date.fromisoformat(day), Date), literal(time.fromisoformat(clock), Time), *rest


def key_of(row: Row, state: str, sort: str) -> Key:
    """The values by which a row is sorted."""
    if state != "open":
        return row.deleted_at if state == "deleted" else row.done_at, row.id
    if sort == "position":
        return row.position, row.id
    return (row.due_on or NO_DAY).isoformat(), (row.due_time or NO_TIME).isoformat(), row.position, row.id
