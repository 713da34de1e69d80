"""Operations of to-dos: add, edit, complete, move, delete, restore."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypedDict, TypeVar

from sqlalchemy import delete, func, select, update

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import Conflict, NotFound, raise_if_invalid, require, too_long_error
from madang.core.i18n import _
from madang.core.local_time import format_moment, parse_day, parse_moment, parse_time
from madang.core.settings import setting
from madang.core.text import clean_body, clean_line

from ..models import MAX_LISTS, MAX_TODOS, NOTE_MAX, POSITION_STEP, TITLE_MAX, Todo, TodoList
from ..queries.todos import todos_of

DUPLICATE_SECONDS = 10  # within which the same to-do on the same list is a double click
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class TodoInput:
    """The unchecked input of a to-do: `due_date` 2026-11-21, `due_time` 15:30, `remind_at` 2026-11-21T15:00.

    Times may have seconds. The last three may be empty and are in the person's time zone.
    """

    title: str
    note: str = ""
    due_date: str = ""
    due_time: str = ""
    remind_at: str = ""


class TodoColumns(TypedDict):
    """The checked columns of a to-do."""

    title: str
    note: str
    due_on: date | None
    due_time: time | None
    remind_at: datetime | None


def lock_owner(actor: Actor) -> None:
    """Lock the actor's row until the transaction ends, so that concurrent requests respect limits and order."""
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())
    require(actor.has_identity)


def add_todo(todo_list: TodoList, wish: TodoInput, *, actor: Actor, zone: str, now: datetime) -> Todo:
    """Add a to-do at the top of a list. Raises `InvalidInput` with all invalid fields, and `Conflict`.

    Returns the existing one for a double click.
    """
    columns = _check(wish, zone, now=now)
    lock_owner(actor)
    if duplicate := _find_duplicate(todo_list, columns, now=now):
        return duplicate
    return insert_todo(todo_list, actor=actor, now=now, **columns)


def _find_duplicate(todo_list: TodoList, columns: TodoColumns, *, now: datetime) -> Todo | None:
    is_open = (Todo.list_id == todo_list.id) & Todo.done_at.is_(None) & Todo.deleted_at.is_(None)
    is_same_day = (Todo.due_on == columns["due_on"]) & (Todo.due_time == columns["due_time"])
    same = select(Todo).where(is_open, Todo.title == columns["title"], is_same_day)
    latest = db.session.scalar(same.order_by(Todo.id.desc()).limit(1))
    return latest if latest and (now - latest.created_at).total_seconds() < DUPLICATE_SECONDS else None


def insert_todo(todo_list: TodoList, *, actor: Actor, now: datetime, **columns: object) -> Todo:
    """Insert a to-do of an actor whose row is locked. Raises `Conflict` if there are too many."""
    require_room(actor, 1)
    todo = Todo(user_id=actor.id, list_id=todo_list.id, position=_top_position(actor), created_at=now, **columns)
    db.session.add(todo)
    db.session.flush()
    return todo


def require_room(actor: Actor, count: int) -> None:
    """Raise `Conflict` if `count` more to-dos would be too many."""
    present = db.session.scalar(todos_of(actor).with_only_columns(func.count())) or 0
    if present + count > MAX_TODOS:
        raise Conflict(
            _("You can have up to %(count)s to-dos. Please delete some that are done first.", count=MAX_TODOS)
        )


def _top_position(actor: Actor) -> int:
    first = db.session.scalar(todos_of(actor).with_only_columns(func.min(Todo.position)))
    return (first or 0) - POSITION_STEP


def _check(wish: TodoInput, zone: str, *, now: datetime, previous_reminder: datetime | None = None) -> TodoColumns:
    """Parse the input. Raises `InvalidInput` with all invalid fields.

    A reminder must be in the future unless it is the previous one.
    """
    title, note = clean_line(wish.title), clean_body(wish.note).strip()
    problems = {
        "title": too_long_error(title, TITLE_MAX) if title else _("Please describe the to-do in a few words."),
        "note": too_long_error(note, NOTE_MAX),
    }
    due_on, problems["due_date"] = _parse(parse_day, wish.due_date)
    due_time, problems["due_time"] = _parse(parse_time, wish.due_time)
    remind_at, problems["remind_at"] = _parse(lambda text: parse_moment(text, zone), wish.remind_at)
    if wish.remind_at == format_moment(previous_reminder, zone):
        remind_at = previous_reminder  # forms show it without the fraction of its second
    if due_time is not None and not wish.due_date.strip():
        problems["due_date"] = _("Please add a date to the time.")
    if remind_at and remind_at <= now and remind_at != previous_reminder:
        problems["remind_at"] = _("This time has already passed. Please choose a later one.")
    raise_if_invalid(**problems)
    return TodoColumns(title=title, note=note, due_on=due_on, due_time=due_time, remind_at=remind_at)


def _parse(parse: Callable[[str], Value], text: str) -> tuple[Value | None, str | None]:
    """The parsed value (None for an empty text) and the error message, if any."""
    text = clean_line(text)
    if not text:
        return None, None
    try:
        return parse(text), None
    except ValueError:
        return None, _("Please write dates like 2026-11-21 and times like 15:30.")


def edit_todo(todo: Todo, wish: TodoInput, todo_list: TodoList, *, zone: str, now: datetime) -> None:
    """Change all fields and the list of a to-do. Raises `InvalidInput` with all invalid fields."""
    columns = _check(wish, zone, now=now, previous_reminder=todo.remind_at)
    if columns["remind_at"] != todo.remind_at:
        todo.reminded_at = None
    for name, value in columns.items():
        setattr(todo, name, value)
    todo.list_id = todo_list.id
    db.session.flush()


def complete_todo(todo: Todo, *, now: datetime) -> None:
    """Mark a to-do as done."""
    todo.done_at = todo.done_at or now
    db.session.flush()


def reopen_todo(todo: Todo, *, now: datetime) -> None:
    """Mark a to-do as open; a reminder that has passed meanwhile is not sent."""
    todo.done_at = None
    if todo.remind_at and todo.remind_at <= now:
        todo.reminded_at = todo.reminded_at or now
    db.session.flush()


def move_todo(todo: Todo, *, before: Todo | None = None, after: Todo | None = None, actor: Actor) -> None:
    """Move a to-do directly before or after another in the person's own order. Raises `NotFound`."""
    other = before or after
    if other is None or other.id == todo.id:
        return
    lock_owner(actor)
    ids = [row for row in _ids_in_order(actor) if row != todo.id]
    if other.id not in ids:
        raise NotFound
    index = ids.index(other.id) + (0 if before else 1)
    positions = _positions(ids[max(0, index - 1) : index + 1])
    low = positions.get(ids[index - 1]) if index > 0 else None
    high = positions.get(ids[index]) if index < len(ids) else None
    position = _position_between(low, high)
    if position is None:
        _renumber([*ids[:index], todo.id, *ids[index:]])
    else:
        db.session.execute(update(Todo).where(Todo.id == todo.id).values(position=position))


def _ids_in_order(actor: Actor) -> list[int]:
    mine = todos_of(actor).with_only_columns(Todo.id).order_by(Todo.position, Todo.id)
    return list(db.session.scalars(mine))


def _positions(ids: list[int]) -> dict[int, int]:
    return {row.id: row.position for row in db.rows(select(Todo.id, Todo.position).where(Todo.id.in_(ids)))}


def _position_between(low: int | None, high: int | None) -> int | None:
    """A position between two, of which one may be missing; None if they are adjacent."""
    if low is None or high is None:
        return (high or 0) - POSITION_STEP if low is None else low + POSITION_STEP
    return (low + high) // 2 if high - low > 1 else None


def _renumber(ids: list[int]) -> None:
    rows = [{"id": todo_id, "position": number * POSITION_STEP} for number, todo_id in enumerate(ids)]
    db.session.execute(update(Todo), rows)


def delete_todo(todo: Todo, *, now: datetime) -> None:
    """Delete a to-do; for a week `restore_deleted` with the same moment restores it."""
    todo.deleted_at = now
    db.session.flush()


def delete_done(*, actor: Actor, now: datetime) -> int:
    """Delete all to-dos that are done. Returns how many."""
    is_done = (Todo.user_id == actor.id) & Todo.done_at.is_not(None) & Todo.deleted_at.is_(None)
    return db.write(update(Todo).where(is_done).values(deleted_at=now)).rowcount


def restore_deleted(moment: datetime, *, actor: Actor) -> int:
    """Restore the lists and to-dos that the actor deleted at that moment. Returns how many.

    Raises `Conflict` if there would be too many.
    """
    lock_owner(actor)
    is_list = (TodoList.user_id == actor.id) & (TodoList.deleted_at == moment)
    is_todo = (Todo.user_id == actor.id) & (Todo.deleted_at == moment)
    require_room(actor, db.session.scalar(select(func.count()).select_from(Todo).where(is_todo)) or 0)
    require_list_room(actor, db.session.scalar(select(func.count()).select_from(TodoList).where(is_list)) or 0)
    list_count = db.write(update(TodoList).where(is_list).values(deleted_at=None)).rowcount
    present = select(TodoList.id).where(TodoList.user_id == actor.id, TodoList.deleted_at.is_(None))
    todos = update(Todo).where(is_todo, Todo.list_id.in_(present)).values(deleted_at=None)
    return list_count + db.write(todos).rowcount


def require_list_room(actor: Actor, count: int) -> None:
    """Raise `Conflict` if `count` more lists would be too many."""
    mine = select(func.count()).where(TodoList.user_id == actor.id, TodoList.deleted_at.is_(None))
    if (db.session.scalar(mine) or 0) + count > MAX_LISTS:
        raise Conflict(_("You can have up to %(count)s lists. Please delete one first.", count=MAX_LISTS))


def purge_deleted(*, now: datetime) -> None:
    """Remove the rows of to-dos and lists that were deleted more than TODO_RETENTION_DAYS ago."""
    oldest = now - timedelta(days=setting("TODO_RETENTION_DAYS"))
    for model in (Todo, TodoList):
        db.session.execute(delete(model).where(model.deleted_at < oldest))
