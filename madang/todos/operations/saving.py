"""Save for later: a to-do that points at what it is about. A thing stands on a person's lists once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from madang.core.actor import Actor
from madang.core.db import db
from madang.core.text import clean_line

from ..models import TITLE_MAX, Todo, TodoList
from .lists import default_list
from .todos import hold_person, insert_todo, require_room, undo_todo


@dataclass(frozen=True, slots=True)
class Link:
    """What a to-do is about: its kind (`post`, `message`), its number, its address, and words for it."""

    kind: str
    id: int
    path: str
    title: str


def save_for_later(link: Link, *, actor: Actor, now: datetime) -> tuple[Todo, bool]:
    """Put something on the actor's list, at its head. Returns the to-do, and whether it was not there before.

    What was done or taken away comes back as it was. Raises `Conflict` where there are too many.
    """
    todo_list = default_list(actor, now=now)
    hold_person(actor)
    saved = _saved(link.kind, link.id, actor)
    if saved and saved.deleted_at is None and saved.done_at is None:
        return saved, False
    if saved:
        return _bring_back(saved, todo_list, actor=actor, now=now), True
    title = clean_line(link.title)[:TITLE_MAX] or link.path
    columns = {"title": title, "link_kind": link.kind, "link_id": link.id, "link": link.path}
    return insert_todo(todo_list, actor=actor, now=now, **columns), True


def _bring_back(todo: Todo, todo_list: TodoList, *, actor: Actor, now: datetime) -> Todo:
    if todo.deleted_at is not None:
        require_room(actor, 1)
        todo.deleted_at, todo.list_id = None, todo_list.id
    undo_todo(todo, now=now)
    return todo


def forget_saved(kind: str, link_id: int, *, actor: Actor, now: datetime) -> Todo | None:
    """Take what was saved off the list again; returns the to-do, or None where there was none."""
    hold_person(actor)
    saved = _saved(kind, link_id, actor)
    if saved is None or saved.deleted_at is not None:
        return None
    saved.deleted_at = now
    db.session.flush()
    return saved


def _saved(kind: str, link_id: int, actor: Actor) -> Todo | None:
    """The latest to-do about a thing, those still on the lists first."""
    about = (Todo.user_id == actor.id) & (Todo.link_kind == kind) & (Todo.link_id == link_id)
    newest = select(Todo).where(about).order_by(Todo.deleted_at.is_not(None), Todo.done_at.is_not(None), Todo.id.desc())
    return db.session.scalar(newest.limit(1))
