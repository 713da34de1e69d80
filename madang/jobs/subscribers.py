"""Subscribers that delete expired jobs and result files."""

from madang.core.queue.events import PurgeDue
from madang.core.queue.result_files import purge_result_files

from .operations import purge_jobs


def on_purge_due(event: PurgeDue) -> None:
    purge_jobs(event.moment)
    purge_result_files(event.moment)
