"""Keyset pagination of to-dos for the API."""

from datetime import date, time
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, Time, func, literal

from madang.core.db import db
from madang.core.db.ordering import Key, Keyset

from ..models import Todo

STATES = ("open", "done", "deleted")
SORTS = ("position", "due")
# To-dos without a day follow those with one; without a time they follow the others of their day.
NO_DAY, NO_TIME = date.max, time(23, 59, 59)
_DUE_ON = func.coalesce(Todo.due_on, literal(NO_DAY, Date))
_DUE_TIME = func.coalesce(Todo.due_time, literal(NO_TIME, Time))


class _DueOrder(Keyset):
    """The order by day and time, with the key of a row made here: MariaDB returns a `coalesce` of times as text."""

    def key_of(self, row: Any) -> Key:
        return row.due_on or NO_DAY, row.due_time or NO_TIME, row.position, row.id


_OPEN_ORDERS = {
    "position": Keyset(Todo.position, Todo.id),
    "due": _DueOrder(_DUE_ON, _DUE_TIME, Todo.position, Todo.id),
}
_LATEST_FIRST = {
    "done": Keyset(Todo.done_at.desc(), Todo.id.desc()),
    "deleted": Keyset(Todo.deleted_at.desc(), Todo.id.desc()),
}


def todo_keyset(state: str, sort: str) -> Keyset:
    """The order of the to-dos in a state: of open ones as `sort` says, of others the latest first."""
    return _OPEN_ORDERS[sort] if state == "open" else _LATEST_FIRST[state]


def todos_after(
    rows: Select, *, state: str, sort: str, list_id: int | None, after: Key | None, limit: int
) -> list[Row]:
    """Those of `rows_of` that come next after a key of `todo_keyset`."""
    rows = rows.where(*_state(state))
    if list_id is not None:
        rows = rows.where(Todo.list_id == list_id)
    return list(db.rows(todo_keyset(state, sort).select_after(rows, after, limit)))


def _state(state: str) -> tuple[ColumnElement[bool], ...]:
    if state == "deleted":
        return (Todo.deleted_at.is_not(None),)
    return Todo.deleted_at.is_(None), Todo.done_at.is_(None) if state == "open" else Todo.done_at.is_not(None)
