"""The daily purge."""

from madang.core.clock import now
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.queue import job, scheduled
from madang.core.queue.events import PurgeDue


@scheduled(daily_at=4)
@job("jobs.purge", title=lambda: _("Delete expired data"))
def purge() -> None:
    """Emit `PurgeDue`, on which every slice deletes its expired data."""
    emit(PurgeDue(now()))
