"""Background work. The table is the truth: a job is a row written with what caused it, run at least once after it.

`models` holds the rows, `functions` what can be asked for, `present` what a running job may say and hear, `running`
taking, doing and ending, `files` what jobs leave to be downloaded, `schedules` the clock, `worker` the threads,
`carrier` and `carried` the way through Redis.
"""

from .context import Cancelled, check_cancelled, checkpoint, progress
from .functions import JobFunction, Outcome, Report, job
from .models import ENDED, WAITING, Job
from .running import run_due
from .schedules import scheduled

__all__ = [
    "ENDED",
    "WAITING",
    "Cancelled",
    "Job",
    "JobFunction",
    "Outcome",
    "Report",
    "check_cancelled",
    "checkpoint",
    "job",
    "progress",
    "run_due",
    "scheduled",
]
