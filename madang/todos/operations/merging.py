"""Merge of the to-dos of two accounts."""

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from madang.core.db import db
from madang.core.db.reassign import reassign_rows

from ..models import Todo, TodoList


def merge_owners(target_id: int, source_id: int) -> None:
    """Move lists and to-dos to the account that stays; merges lists of the same name and drops duplicate saves."""
    _delete_duplicate_saves(target_id, source_id)
    _merge_lists(target_id, source_id)
    last = db.session.scalar(select(func.max(Todo.position)).where(Todo.user_id == target_id)) or 0
    first = db.session.scalar(select(func.min(Todo.position)).where(Todo.user_id == source_id)) or 0
    renumbering = update(Todo).where(Todo.user_id == source_id).values(position=Todo.position + last - first + 1)
    db.session.execute(renumbering.execution_options(synchronize_session=False))
    reassign_rows(Todo.user_id, source_id=source_id, target_id=target_id)


def _delete_duplicate_saves(target_id: int, source_id: int) -> None:
    kept = aliased(Todo)
    same = (kept.link_kind == Todo.link_kind) & (kept.link_id == Todo.link_id)
    duplicates = select(Todo.id).join(kept, same).where(Todo.user_id == source_id, kept.user_id == target_id)
    ids = db.session.scalars(duplicates.where(kept.deleted_at.is_(None))).all()
    db.session.execute(delete(Todo).where(Todo.id.in_(ids)).execution_options(synchronize_session=False))


def _merge_lists(target_id: int, source_id: int) -> None:
    lists = select(TodoList).where(TodoList.deleted_at.is_(None)).order_by(TodoList.position)
    by_name = {each.name.casefold(): each for each in db.session.scalars(lists.where(TodoList.user_id == target_id))}
    position = max((each.position for each in by_name.values()), default=0)
    for each in db.session.scalars(lists.where(TodoList.user_id == source_id)).all():
        if same := by_name.get(each.name.casefold()):
            db.session.execute(update(Todo).where(Todo.list_id == each.id).values(list_id=same.id))
            db.session.delete(each)
        else:
            position += 1
            each.user_id, each.position = target_id, position
    db.session.flush()
    reassign_rows(TodoList.user_id, source_id=source_id, target_id=target_id)
