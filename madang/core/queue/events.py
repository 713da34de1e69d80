"""Events of jobs that their owners see, and the daily event on which every slice purges expired rows."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class JobProgressed:
    """A running job has reached `progress` percent."""

    job_id: int
    owner_id: int
    progress: int
    state: str


@dataclass(frozen=True, slots=True)
class JobFinished:
    """A job has ended: `state` is done, failed or cancelled."""

    job_id: int
    owner_id: int
    state: str


@dataclass(frozen=True, slots=True)
class PurgeDue:
    """Emitted once a day: purge what has expired by `moment`."""

    moment: datetime
