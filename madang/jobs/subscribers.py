"""What follows from the hour of the purge."""

from madang.core.jobs.events import PurgeDue
from madang.core.jobs.files import purge_files

from .operations import purge_jobs


def on_purge_due(event: PurgeDue) -> None:
    purge_jobs(event.moment)
    purge_files(event.moment)
