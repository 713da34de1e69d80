"""Subscribers that export, delete and merge the to-dos of accounts."""

from sqlalchemy import delete, select

from madang.accounts.events import AccountsMerged, PersonalDataRequested, UserDeleted
from madang.core.db import db

from .models import Todo, TodoList
from .operations.merging import merge_owners

LIST = (TodoList.id, TodoList.name, TodoList.created_at)
TODO = (
    Todo.id,
    Todo.list_id,
    Todo.title,
    Todo.note,
    Todo.due_on,
    Todo.due_time,
    Todo.remind_at,
    Todo.done_at,
    Todo.link,
    Todo.created_at,
)


def on_personal_data_requested(event: PersonalDataRequested) -> None:
    lists = select(*LIST).where(TodoList.user_id == event.user_id, TodoList.deleted_at.is_(None))
    event.archive.add_rows("todo_lists.json", lists.order_by(TodoList.position))
    todos = select(*TODO).where(Todo.user_id == event.user_id, Todo.deleted_at.is_(None))
    event.archive.add_rows("todos.json", todos.order_by(Todo.position))


def on_user_deleted(event: UserDeleted) -> None:
    """Delete the lists and to-dos of the user."""
    db.session.execute(delete(Todo).where(Todo.user_id == event.user_id))
    db.session.execute(delete(TodoList).where(TodoList.user_id == event.user_id))


def on_accounts_merged(event: AccountsMerged) -> None:
    merge_owners(event.target_id, event.source_id)
