"""Background jobs of to-dos: reminders and purge."""

from datetime import timedelta

from madang.core.clock import now
from madang.core.queue import job, of_feature, scheduled

from .operations import reminding
from .operations.todos import purge_deleted


@scheduled(every=timedelta(minutes=1))
@of_feature("FEATURE_TODOS")
@job("todos.remind_due")
def remind_due() -> None:
    """Send one batch of due reminders, and enqueue the job again if the batch was full."""
    if reminding.remind_due(now=now()) == reminding.BATCH_SIZE:
        remind_due.enqueue()


@scheduled(daily_at=4)
@job("todos.purge_todos")
def purge_todos() -> None:
    """Delete what was moved to the trash long ago."""
    purge_deleted(now=now())
