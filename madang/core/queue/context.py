"""What a running job says of itself and hears from others."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, select, update

from madang.core.db import db
from madang.core.events import emit

from .events import JobProgressed
from .functions import is_listed
from .models import Job

ASK_SECONDS = 0.5


class LeaseLost(Exception):
    """The lease ran out, and somebody else has taken the job."""


class Cancelled(Exception):
    """The job's owner does not want it any more."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that somebody has taken: theirs while the row names this worker and this attempt."""

    id: int
    name: str
    arguments: dict[str, Any]
    worker: str
    attempts: int
    failures: int
    owner_id: int | None
    locale: str | None
    is_cancel_asked: bool

    def is_ours(self) -> ColumnElement[bool]:
        """Whether the row is still this claim's."""
        is_mine = (Job.worker == self.worker) & (Job.attempts == self.attempts)
        return (Job.id == self.id) & (Job.state == "running") & is_mine


@dataclass(slots=True)
class JobContext:
    """The job that a thread runs. `percent` is what it says, `sse_message` what stands in the table."""

    claim: Claim
    percent: int = 0
    written: int = 0
    is_lost: bool = False
    asked_at: float = field(default=float("-inf"))


present_job: ContextVar[JobContext | None] = ContextVar("present_job", default=None)


def progress(percent: float) -> None:
    """Say how far the present job has come; the worker writes it down beside it, so that this costs nothing.

    Raises `Cancelled` if its owner does not want it any more. Outside a job nothing happens.
    """
    if present := present_job.get():
        present.percent = min(max(int(percent), 0), 100)
        check_cancelled()


def check_cancelled() -> None:
    """Raise `Cancelled` if the owner of the present job does not want it any more; asks at most twice a second."""
    present = present_job.get()
    if present is None:
        return
    if present.is_lost:
        raise LeaseLost
    if monotonic() - present.asked_at < ASK_SECONDS:
        return
    present.asked_at = monotonic()
    asked = db.session.execute(select(Job.cancel_asked_at).where(present.claim.is_ours())).one_or_none()
    if asked is None:
        raise LeaseLost
    if asked[0] is not None:
        raise Cancelled


def checkpoint(percent: float, **arguments: Any) -> None:
    """In the transaction of a finished piece: write how far the job is, and the arguments to go on with from there.

    Whoever takes the job over begins at them. Raises `LeaseLost` and `Cancelled`, which take the piece back.
    """
    present = present_job.get()
    if present is None:
        return
    check_cancelled()
    present.percent = min(max(int(percent), 0), 100)
    write_progress(present, arguments=arguments)
    if present.is_lost:
        raise LeaseLost


def write_progress(present: JobContext, **values: Any) -> None:
    """Write down how far a job has come, with other columns; finds out whether it has been lost."""
    percent, claim = present.percent, present.claim
    change = update(Job).where(claim.is_ours()).values(progress=percent, **values)
    changed = db.session.execute(change.execution_options(synchronize_session=False))
    present.is_lost = not changed.rowcount  # type: ignore[attr-defined]
    if percent != present.written and not present.is_lost:
        present.written = percent
        if claim.owner_id is not None and is_listed(claim.name):
            emit(JobProgressed(claim.id, claim.owner_id, percent, "running"))
