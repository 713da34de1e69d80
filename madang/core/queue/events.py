"""What happens to jobs that their owners see, and the hour at which every slice throws old things away."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class JobProgressed:
    """A running job has come to `progress` (0 to 100)."""

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
    """Once a day: what has run out by `moment` may go."""

    moment: datetime
