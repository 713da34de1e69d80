"""Operations of saving for later: a to-do that links to a post or message, at most one per person and object."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from madang.core.actor import Actor
from madang.core.db import db
from madang.core.text import clean_line

from ..models import TITLE_MAX, Todo, TodoList
from .lists import default_list
from .todos import insert_todo, lock_owner, reopen_todo, require_room


@dataclass(frozen=True, slots=True)
class Link:
    """The object that a to-do links to: its kind (`post`, `message`), id, address and title."""

    kind: str
    id: int
    path: str
    title: str


def save_for_later(link: Link, *, actor: Actor, now: datetime) -> tuple[Todo, bool]:
    """Add a to-do with this link at the top of the actor's first list. Returns it, and whether it is newly open.

    Reopens or restores an earlier to-do with the link if there is one. Raises `Conflict` if there are too many.
    """
    todo_list = default_list(actor, now=now)
    lock_owner(actor)
    saved = _saved(link.kind, link.id, actor)
    if saved and saved.deleted_at is None and saved.done_at is None:
        return saved, False
    if saved:
        return _restore(saved, todo_list, actor=actor, now=now), True
    title = clean_line(link.title)[:TITLE_MAX] or link.path
    columns = {"title": title, "link_kind": link.kind, "link_id": link.id, "link": link.path}
    return insert_todo(todo_list, actor=actor, now=now, **columns), True


def _restore(todo: Todo, todo_list: TodoList, *, actor: Actor, now: datetime) -> Todo:
    if todo.deleted_at is not None:
        require_room(actor, 1)
        todo.deleted_at, todo.list_id = None, todo_list.id
    reopen_todo(todo, now=now)
    return todo


def unsave(kind: str, link_id: int, *, actor: Actor, now: datetime) -> Todo | None:
    """Delete the to-do of a saved object. Returns it, or None if there is none."""
    lock_owner(actor)
    saved = _saved(kind, link_id, actor)
    if saved is None or saved.deleted_at is not None:
        return None
    saved.deleted_at = now
    db.session.flush()
    return saved


def _saved(kind: str, link_id: int, actor: Actor) -> Todo | None:
    """The latest to-do with this link, preferring open to done and done to deleted ones."""
    has_link = (Todo.user_id == actor.id) & (Todo.link_kind == kind) & (Todo.link_id == link_id)
    newest = (
        select(Todo).where(has_link).order_by(Todo.deleted_at.is_not(None), Todo.done_at.is_not(None), Todo.id.desc())
    )
    return db.session.scalar(newest.limit(1))
