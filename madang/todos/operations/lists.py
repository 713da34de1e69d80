"""Operations of to-do lists: create, rename, delete."""

from datetime import datetime

from sqlalchemy import func, select, update

from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import raise_if_invalid, too_long_error
from madang.core.i18n import _
from madang.core.text import clean_line

from ..models import LIST_NAME_MAX, Todo, TodoList
from ..queries.todos import lists_of
from .todos import lock_owner, require_list_room


def default_list(actor: Actor, *, now: datetime) -> TodoList:
    """The actor's first list; creates one if there is none."""
    if first := db.session.scalar(lists_of(actor).limit(1)):
        return first
    lock_owner(actor)
    return db.session.scalar(lists_of(actor).limit(1)) or _insert(_("To-dos"), actor=actor, now=now)


def make_list(name: str, *, actor: Actor, now: datetime) -> TodoList:
    """Create a list after the others. Raises `InvalidInput` (name), and `Conflict` if there are too many."""
    name = clean_line(name)
    lock_owner(actor)
    _check_name(name, actor)
    require_list_room(actor, 1)
    return _insert(name, actor=actor, now=now)


def _insert(name: str, *, actor: Actor, now: datetime) -> TodoList:
    last = db.session.scalar(select(func.max(TodoList.position)).where(TodoList.user_id == actor.id)) or 0
    todo_list = TodoList(user_id=actor.id, name=name, position=last + 1, created_at=now)
    db.session.add(todo_list)
    db.session.flush()
    return todo_list


def rename_list(todo_list: TodoList, name: str, *, actor: Actor) -> None:
    """Rename a list. Raises `InvalidInput` (name)."""
    name = clean_line(name)
    lock_owner(actor)
    _check_name(name, actor, renamed_id=todo_list.id)
    todo_list.name = name
    db.session.flush()


def _check_name(name: str, actor: Actor, *, renamed_id: int | None = None) -> None:
    raise_if_invalid(name=too_long_error(name, LIST_NAME_MAX) if name else _("A list needs a name."))
    taken = {row.name.casefold() for row in db.session.scalars(lists_of(actor)) if row.id != renamed_id}
    raise_if_invalid(name=_("You already have a list with this name.") if name.casefold() in taken else None)


def delete_list(todo_list: TodoList, *, actor: Actor, now: datetime) -> None:
    """Delete a list with its to-dos; for a week `restore_deleted` with the same moment restores both."""
    lock_owner(actor)
    todo_list.deleted_at = now
    db.session.flush()
    is_on_list = (Todo.list_id == todo_list.id) & Todo.deleted_at.is_(None)
    db.session.execute(update(Todo).where(is_on_list).values(deleted_at=now))
