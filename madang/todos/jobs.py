"""The background work of to-dos."""

from datetime import timedelta

from madang.core.clock import now
from madang.core.queue import job, scheduled

from .operations.reminding import AT_ONCE
from .operations.reminding import remind_due as tell_due
from .operations.todos import purge_deleted


@scheduled(every=timedelta(minutes=1))
@job("todos.remind_due")
def remind_due() -> None:
    """Tell of reminders whose moment has come."""
    if tell_due(now=now()) == AT_ONCE:
        remind_due.enqueue()


@scheduled(daily_at=4)
@job("todos.purge_todos")
def purge_todos() -> None:
    """Forget what was deleted more than a week ago."""
    purge_deleted(now=now())
