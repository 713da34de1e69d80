"""What a running job may call: report progress, save a checkpoint, find out that it was cancelled."""

from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from time import monotonic

from sqlalchemy import Update, and_, bindparam, select, update

from madang.core.db import db
from madang.core.events import emit

from .events import JobProgressed
from .functions import is_listed
from .models import Job, JsonObject

CANCEL_CHECK_SECONDS = 0.5


class LeaseLost(Exception):
    """The lease expired and another worker has claimed the job."""


class Cancelled(Exception):
    """The job's owner has cancelled it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that a worker has claimed: valid while the row names this worker and this attempt."""

    worker: str
    id: int
    name: str
    arguments: JsonObject
    attempts: int
    failures: int
    owner_id: int | None
    locale: str | None
    request_id: str | None
    is_cancel_asked: bool

    @property
    def key(self) -> dict[str, object]:
        """The values of `_IS_VALID`."""
        return {"claim_id": self.id, "claim_worker": self.worker, "claim_attempts": self.attempts}


# The row still belongs to a claim.
_IS_VALID = and_(
    Job.id == bindparam("claim_id"),
    Job.state == "running",
    Job.worker == bindparam("claim_worker"),
    Job.attempts == bindparam("claim_attempts"),
)
_CANCEL_ASKED_AT = select(Job.cancel_asked_at).where(_IS_VALID)


@dataclass(slots=True)
class JobContext:
    """The state of a running job, shared by the thread that runs it and the one that renews its lease.

    `percent` is the progress that the job has reported, `written` the progress that the table holds.
    """

    claim: Claim
    percent: int = 0
    written: int = 0
    is_lost: bool = False
    cancel_checked_at: float = float("-inf")


current_job: ContextVar[JobContext | None] = ContextVar("present_job", default=None)


def progress(percent: float) -> None:
    """Report how far the current job is, in percent; the worker writes it to the table from its second thread.

    Does nothing outside a job. Raises `Cancelled` and `LeaseLost`.
    """
    if context := current_job.get():
        context.percent = _as_percent(percent)
        check_cancelled()


def check_cancelled() -> None:
    """Raise `Cancelled` if the owner of the current job has cancelled it, `LeaseLost` if another worker has it.

    Queries the table at most twice a second.
    """
    context = current_job.get()
    if context is None:
        return
    if context.is_lost:
        raise LeaseLost
    if monotonic() - context.cancel_checked_at < CANCEL_CHECK_SECONDS:
        return
    context.cancel_checked_at = monotonic()
    row = db.write(_CANCEL_ASKED_AT, context.claim.key).one_or_none()
    if row is None:
        raise LeaseLost
    if row.cancel_asked_at is not None:
        raise Cancelled


def checkpoint(percent: float, **arguments: object) -> None:
    """Write, in the transaction of a finished piece, the job's progress and the arguments to resume with.

    A worker that takes the job over starts with these arguments. Raises `LeaseLost` and `Cancelled`, which roll the
    piece back.
    """
    context = current_job.get()
    if context is None:
        return
    check_cancelled()
    context.percent = _as_percent(percent)
    write_progress(context, arguments=arguments)
    if context.is_lost:
        raise LeaseLost


def _as_percent(value: float) -> int:
    return min(max(int(value), 0), 100)


def write_progress(context: JobContext, **values: object) -> None:
    """Write a job's progress and other columns; sets `context.is_lost` if the claim is no longer valid."""
    percent, claim = context.percent, context.claim
    context.is_lost = not update_claimed(claim, progress=percent, **values)
    if percent != context.written and not context.is_lost:
        context.written = percent
        if claim.owner_id is not None and is_listed(claim.name):
            emit(JobProgressed(claim.id, claim.owner_id, percent, "running"))


def update_claimed(claim: Claim, **values: object) -> bool:
    """Change the row of a claimed job; returns whether the claim was still valid."""
    parameters = {f"new_{name}": value for name, value in values.items()}
    return bool(db.write(_change(tuple(values)), {**claim.key, **parameters}).rowcount)


@cache
def _change(names: tuple[str, ...]) -> Update:
    columns = Job.__table__.c
    changes = {name: bindparam(f"new_{name}", type_=columns[name].type) for name in names}
    return update(Job.__table__).where(_IS_VALID).values(changes)
