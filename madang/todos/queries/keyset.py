"""Keyset pagination of to-dos for the API."""

from datetime import date, time

from sqlalchemy import ColumnElement, Date, Row, Time, func, literal

from madang.core.actor import Actor
from madang.core.db import db
from madang.core.db.ordering import Key, Keyset

from ..models import Todo
from .todos import TODO_ROWS

STATES = ("open", "done", "deleted")
SORTS = ("position", "due")
# To-dos without a day follow those with one; without a time they follow the others of their day.
_DUE_DAY = func.coalesce(Todo.due_on, literal(date.max, Date))
_DUE_CLOCK = func.coalesce(Todo.due_time, literal(time(23, 59, 59), Time))
_OPEN_ORDERS = {
    "position": Keyset(Todo.position, Todo.id),
    "due": Keyset(_DUE_DAY, _DUE_CLOCK, Todo.position, Todo.id, names=("due_day", "due_clock", "position", "id")),
}
_LATEST_FIRST = {
    "done": Keyset(Todo.done_at.desc(), Todo.id.desc()),
    "deleted": Keyset(Todo.deleted_at.desc(), Todo.id.desc()),
}


def todo_keyset(state: str, sort: str) -> Keyset:
    """The order of the to-dos in a state: of open ones as `sort` says, of others the latest first."""
    return _OPEN_ORDERS[sort] if state == "open" else _LATEST_FIRST[state]


def todos_after(
    actor: Actor, *, state: str, sort: str, list_id: int | None, after: Key | None, limit: int
) -> list[Row]:
    """The actor's next to-dos after a key of `todo_keyset`."""
    rows = TODO_ROWS.add_columns(_DUE_DAY.label("due_day"), _DUE_CLOCK.label("due_clock")).where(
        Todo.user_id == actor.id, *_state(state)
    )
    if list_id is not None:
        rows = rows.where(Todo.list_id == list_id)
    return list(db.rows(todo_keyset(state, sort).select_after(rows, after, limit)))


def _state(state: str) -> tuple[ColumnElement[bool], ...]:
    if state == "deleted":
        return (Todo.deleted_at.is_not(None),)
    return Todo.deleted_at.is_(None), Todo.done_at.is_(None) if state == "open" else Todo.done_at.is_not(None)
