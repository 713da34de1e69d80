"""Background jobs: a job is a row of a table, written in the transaction that caused it and run at least once.

`models` holds the rows, `functions` the job functions by name, `context` what a running job may call, `running` claims
and runs jobs, `result_files` files that jobs leave for download, `schedules` recurring jobs, `worker` the threads,
`rq_transport` and `rq_worker` the way through Redis.
"""

from .context import Cancelled, check_cancelled, checkpoint, progress
from .functions import JobFunction, Outcome, Report, job, of_feature
from .models import ENDED, UNFINISHED, Job
from .running import run_due
from .schedules import scheduled

__all__ = [
    "ENDED",
    "UNFINISHED",
    "Cancelled",
    "Job",
    "JobFunction",
    "Outcome",
    "Report",
    "check_cancelled",
    "checkpoint",
    "job",
    "of_feature",
    "progress",
    "run_due",
    "scheduled",
]
