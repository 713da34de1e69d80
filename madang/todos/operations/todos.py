"""Writing to-dos, doing them, ordering them, and taking them away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import Conflict, NotFound, invalid, require, too_long
from madang.core.i18n import _
from madang.core.text import clean_body, clean_line

from ..models import DELETED_KEPT, MOST_LISTS, MOST_TODOS, NOTE_MAX, STEP, TITLE_MAX, Todo, TodoList
from ..queries.todos import todos_of
from .times import parse_day, parse_moment, parse_time

SAME_SECONDS = 10  # in which the same to-do on the same list is a double click


@dataclass(frozen=True, slots=True)
class Wish:
    """A to-do as it was typed: `due_date` 2026-11-21, `due_time` 15:30, `remind_at` 2026-11-21T15:00; the last three
    may be empty and are meant where the person is.
    """

    title: str
    note: str = ""
    due_date: str = ""
    due_time: str = ""
    remind_at: str = ""


def hold_person(actor: Actor) -> None:
    """Let nobody else write the actor's to-dos until the transaction ends: limits and order then hold."""
    require(actor.has_identity)
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())


def add_todo(todo_list: TodoList, wish: Wish, *, actor: Actor, zone: str, now: datetime) -> Todo:
    """Put something at the head of a list. Raises `InvalidInput` with every wrong field at once, and `Conflict`."""
    columns = _checked(wish, zone, now=now)
    hold_person(actor)
    if same := _same(todo_list, columns, now=now):
        return same
    return insert_todo(todo_list, actor=actor, now=now, **columns)


def _same(todo_list: TodoList, columns: dict[str, Any], *, now: datetime) -> Todo | None:
    """The to-do that a double click has made already."""
    wanted = [getattr(Todo, name) == columns[name] for name in ("title", "due_on", "due_time")]
    same = select(Todo).where(Todo.list_id == todo_list.id, Todo.done_at.is_(None), Todo.deleted_at.is_(None), *wanted)
    found = db.session.scalar(same.order_by(Todo.id.desc()).limit(1))
    return found if found and (now - found.created_at).total_seconds() < SAME_SECONDS else None


def insert_todo(todo_list: TodoList, *, actor: Actor, now: datetime, **columns: Any) -> Todo:
    """Write the row of a new to-do of a person who is held. Raises `Conflict` where there are too many."""
    require_room(actor, 1)
    todo = Todo(user_id=actor.id, list_id=todo_list.id, position=_head(actor), created_at=now, **columns)
    db.session.add(todo)
    db.session.flush()
    return todo


def require_room(actor: Actor, count: int) -> None:
    """Refuse where `count` more would be too many. Raises `Conflict`."""
    present = db.session.scalar(todos_of(actor).with_only_columns(func.count())) or 0
    if present + count > MOST_TODOS:
        raise Conflict(
            _("There is room for %(count)s to-dos. Please delete some that are done first.", count=MOST_TODOS)
        )


def _head(actor: Actor) -> int:
    """A position before all others."""
    first = db.session.scalar(todos_of(actor).with_only_columns(func.min(Todo.position)))
    return (first or 0) - STEP


def _checked(wish: Wish, zone: str, *, now: datetime, known_reminder: datetime | None = None) -> dict[str, Any]:
    """The columns that a wish means. A reminder has to lie ahead, unless it is the one that was known."""
    title, note = clean_line(wish.title), clean_body(wish.note).strip()
    problems = {
        "title": too_long(title, TITLE_MAX) if title else _("Please say in a few words what is to be done."),
        "note": too_long(note, NOTE_MAX),
    }
    columns: dict[str, Any] = {"title": title, "note": note, "due_on": None, "due_time": None, "remind_at": None}
    columns["due_on"], problems["due_date"] = _read(parse_day, wish.due_date)
    columns["due_time"], problems["due_time"] = _read(parse_time, wish.due_time)
    columns["remind_at"], problems["remind_at"] = _read(lambda text: parse_moment(text, zone), wish.remind_at)
    if columns["due_time"] and not wish.due_date.strip():
        problems["due_date"] = _("A time needs its day too.")
    reminder = columns["remind_at"]
    if reminder and reminder <= now and reminder != known_reminder:
        problems["remind_at"] = _("This moment has passed already. Please choose a later one.")
    invalid(**problems)
    return columns


def _read(parse: Any, text: str) -> tuple[Any, str | None]:
    """What a text means, and what is wrong with it; an empty one means nothing."""
    text = clean_line(text)
    if not text:
        return None, None
    try:
        return parse(text), None
    except ValueError:
        return None, _("Please write a day as 2026-11-21 and a time as 15:30.")


def edit_todo(todo: Todo, wish: Wish, todo_list: TodoList, *, zone: str, now: datetime) -> None:
    """Give a to-do other words, another day, another list. Raises `InvalidInput` with every wrong field at once."""
    columns = _checked(wish, zone, now=now, known_reminder=todo.remind_at)
    if columns["remind_at"] != todo.remind_at:
        todo.reminded_at = None
    for name, value in columns.items():
        setattr(todo, name, value)
    todo.list_id = todo_list.id
    db.session.flush()


def do_todo(todo: Todo, *, now: datetime) -> None:
    """Tick it."""
    todo.done_at = todo.done_at or now
    db.session.flush()


def undo_todo(todo: Todo, *, now: datetime) -> None:
    """Take the tick away. A reminder whose moment has passed meanwhile stays silent."""
    todo.done_at = None
    if todo.remind_at and todo.remind_at <= now:
        todo.reminded_at = todo.reminded_at or now
    db.session.flush()


def move_todo(todo: Todo, *, before: Todo | None = None, after: Todo | None = None, actor: Actor) -> None:
    """Put a to-do right before or right after another in the person's own order."""
    other = before or after
    if other is None or other.id == todo.id:
        return
    hold_person(actor)
    ids = [row for row in _ids_in_order(actor) if row != todo.id]
    if other.id not in ids:
        raise NotFound
    place = ids.index(other.id) + (0 if before else 1)
    positions = _positions(ids[max(0, place - 1) : place + 1])
    low = positions.get(ids[place - 1]) if place > 0 else None
    high = positions.get(ids[place]) if place < len(ids) else None
    position = _between(low, high)
    if position is None:
        _number_anew([*ids[:place], todo.id, *ids[place:]])
    else:
        db.session.execute(update(Todo).where(Todo.id == todo.id).values(position=position))


def _ids_in_order(actor: Actor) -> list[int]:
    mine = todos_of(actor).with_only_columns(Todo.id).order_by(Todo.position, Todo.id)
    return list(db.session.scalars(mine))


def _positions(ids: list[int]) -> dict[int, int]:
    return {row.id: row.position for row in db.rows(select(Todo.id, Todo.position).where(Todo.id.in_(ids)))}


def _between(low: int | None, high: int | None) -> int | None:
    """A position between two; None where there is no room."""
    if low is None or high is None:
        return (high or 0) - STEP if low is None else low + STEP
    return (low + high) // 2 if high - low > 1 else None


def _number_anew(ids: list[int]) -> None:
    rows = [{"id": todo_id, "position": number * STEP} for number, todo_id in enumerate(ids)]
    db.session.execute(update(Todo), rows)


def delete_todo(todo: Todo, *, now: datetime) -> None:
    """Take a to-do away; for a week `restore_deleted` with the same moment brings it back."""
    todo.deleted_at = now
    db.session.flush()


def delete_done(*, actor: Actor, now: datetime) -> int:
    """Take away all that is done; returns how many there were."""
    done = (Todo.user_id == actor.id) & Todo.done_at.is_not(None) & Todo.deleted_at.is_(None)
    return db.session.execute(update(Todo).where(done).values(deleted_at=now)).rowcount  # type: ignore[attr-defined]


def restore_deleted(moment: datetime, *, actor: Actor) -> int:
    """Bring back what the actor took away at that moment, lists and to-dos; returns how many.

    Raises `Conflict` where there is no room for them.
    """
    hold_person(actor)
    lists = (TodoList.user_id == actor.id) & (TodoList.deleted_at == moment)
    gone = (Todo.user_id == actor.id) & (Todo.deleted_at == moment)
    require_room(actor, db.session.scalar(select(func.count()).select_from(Todo).where(gone)) or 0)
    require_list_room(actor, db.session.scalar(select(func.count()).select_from(TodoList).where(lists)) or 0)
    listed = db.session.execute(update(TodoList).where(lists).values(deleted_at=None))
    present = select(TodoList.id).where(TodoList.user_id == actor.id, TodoList.deleted_at.is_(None))
    back = update(Todo).where(gone, Todo.list_id.in_(present)).values(deleted_at=None)
    return listed.rowcount + db.session.execute(back).rowcount  # type: ignore[attr-defined]


def require_list_room(actor: Actor, count: int) -> None:
    """Refuse where `count` more lists would be too many. Raises `Conflict`."""
    mine = select(func.count()).where(TodoList.user_id == actor.id, TodoList.deleted_at.is_(None))
    if (db.session.scalar(mine) or 0) + count > MOST_LISTS:
        raise Conflict(_("There is room for %(count)s lists. Please delete one first.", count=MOST_LISTS))


def purge_deleted(*, now: datetime) -> None:
    """Forget what was deleted more than a week ago."""
    for table in (Todo, TodoList):
        db.session.execute(delete(table).where(table.deleted_at < now - DELETED_KEPT))
