"""Operation that sends due reminders, each once."""

from datetime import datetime

from sqlalchemy import select, update

from madang.core.db import db
from madang.core.events import emit

from ..events import TodoDue
from ..models import Todo

BATCH_SIZE = 200


def remind_due(*, now: datetime) -> int:
    """Emit `TodoDue` for up to `BATCH_SIZE` to-dos with a due reminder. Returns how many were due.

    Reminders of to-dos that are done or deleted are marked as sent without an event.
    """
    is_due = (Todo.reminded_at.is_(None)) & (Todo.remind_at <= now)
    rows = select(Todo.id, Todo.user_id, Todo.done_at, Todo.deleted_at).where(is_due).order_by(Todo.remind_at, Todo.id)
    due = db.session.execute(rows.limit(BATCH_SIZE).with_for_update()).all()
    if due:
        db.session.execute(update(Todo).where(Todo.id.in_([row.id for row in due])).values(reminded_at=now))
    for row in due:
        if row.done_at is None and row.deleted_at is None:
            emit(TodoDue(row.id, row.user_id))
    return len(due)
