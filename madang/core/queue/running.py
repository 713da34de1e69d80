"""Claim jobs, run them, and record how they ended."""

import logging
import traceback
from contextlib import suppress
from datetime import timedelta

import structlog
from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.exc import OperationalError

from madang.core.clock import now
from madang.core.db import db, is_contention, transaction
from madang.core.errors import MadangError, Unavailable
from madang.core.events import emit
from madang.core.i18n import use_locale
from madang.core.settings import setting

from .context import Cancelled, Claim, JobContext, LeaseLost, current_job, update_claimed
from .events import JobFinished
from .functions import Outcome, functions, is_listed
from .models import MAX_ERROR_WORDS, Job, JsonObject
from .processes import is_dead

LEASE = timedelta(seconds=20)
MAX_RETRY_DELAY = timedelta(hours=1)
MAX_DEATHS = 10
CANDIDATE_COUNT = 5
CLOCK_STEP = timedelta(minutes=1)  # clocks of machines may differ by less
CONTENTION_DELAY = timedelta(seconds=2)
log = logging.getLogger("madang.jobs")


class WorkersDied(Exception):
    """Every worker that took this job died of it."""


_MOMENT = bindparam("moment", type_=Job.run_at.type)
_IS_CLAIMABLE = or_(
    and_(Job.state == "queued", Job.run_at <= _MOMENT), and_(Job.state == "running", Job.lease_until < _MOMENT)
)
_DUE = select(Job.id).where(_IS_CLAIMABLE).order_by(Job.run_at, Job.id).limit(CANDIDATE_COUNT)
_CLAIM = (
    update(Job.__table__)
    .where(Job.id == bindparam("job_id"), _IS_CLAIMABLE)
    .values(state="running", worker=bindparam("by"), lease_until=bindparam("until"), attempts=Job.attempts + 1)
)
_CLAIMED = select(
    *(Job.id, Job.name, Job.arguments, Job.attempts, Job.failures, Job.owner_id, Job.locale, Job.request_id),
    Job.cancel_asked_at.is_not(None),
).where(Job.id == bindparam("job_id"))


def claim_job(worker: str) -> Claim | None:
    """Claim the oldest job that is due or whose lease has expired; None if there is none."""
    moment = now()
    for row in db.rows(_DUE, {"moment": moment}):
        values = {"job_id": row.id, "moment": moment, "by": worker, "until": moment + LEASE}
        with transaction():
            if db.write(_CLAIM, values).rowcount:
                return Claim(worker, *db.write(_CLAIMED, {"job_id": row.id}).one())
    return None


def release_orphaned() -> int:
    """Expire the leases of workers of this machine whose process has ended; returns the number of released jobs."""
    workers = select(Job.worker).where(Job.state == "running", Job.lease_until >= now()).distinct()
    dead = [worker for worker in db.session.scalars(workers).all() if worker and is_dead(worker)]
    if not dead:
        return 0
    orphaned = update(Job).where(Job.state == "running", Job.worker.in_(dead))
    with transaction():
        return db.write(orphaned.values(lease_until=now() - timedelta(seconds=1))).rowcount


def bring_forward() -> int:
    """Let jobs run now that were enqueued in the future, since when the clock was set back; returns their number."""
    moment = now()
    from_future = (Job.state == "queued", Job.created_at > moment + CLOCK_STEP)
    if not db.session.scalars(select(Job.id).where(*from_future).limit(1)).all():
        return 0
    with transaction():
        return db.write(update(Job).where(*from_future).values(run_at=moment, created_at=moment)).rowcount


def run_job(claim: Claim, context: JobContext | None = None) -> None:
    """Run a claimed job and record its end, in one transaction, which fails if the claim is no longer valid."""
    token = current_job.set(context or JobContext(claim))
    try:
        log_context = structlog.contextvars.bound_contextvars(
            job=claim.id, job_name=claim.name, actor=claim.owner_id, request_id=claim.request_id
        )
        with use_locale(claim.locale), log_context:
            _run(claim)
    finally:
        current_job.reset(token)


def _run(claim: Claim) -> None:
    try:
        with transaction():
            outcome = _call_function(claim)
            values, file = (outcome.values, outcome.file) if isinstance(outcome, Outcome) else (outcome, None)
            _finish(claim, state="done", progress=100, result=values, result_file=file)
    except LeaseLost:
        log.warning("job %s (%s) was taken over by another worker", claim.name, claim.id)
    except Cancelled:
        _finish_alone(claim, state="cancelled")
    except Unavailable as error:
        _retry_or_fail(claim, error)
    except MadangError as error:
        words = error.message or " ".join(error.fields.values())
        _finish_alone(claim, state="failed", error_code=error.code, error_words=words[:MAX_ERROR_WORDS])
    except Exception as error:
        log.exception("job %s (%s) failed", claim.name, claim.id)
        _retry_or_fail(claim, error)


def _call_function(claim: Claim) -> JsonObject | Outcome | None:
    if claim.is_cancel_asked:  # its former worker died before it noticed
        raise Cancelled
    if claim.attempts - claim.failures > MAX_DEATHS:
        raise WorkersDied(WorkersDied.__doc__)
    called = functions[claim.name]
    if called.feature and not setting(called.feature):
        raise Cancelled
    return called.function(**called.arguments_of(claim.name, claim.arguments))


def _retry_or_fail(claim: Claim, error: Exception) -> None:
    """Queue a job that raised `error` again, with a delay that grows; after its number of tries it has failed."""
    text = "".join(traceback.format_exception(error, limit=20)).replace("\0", "")
    failures = claim.failures + 1
    values: JsonObject = {"error": text, "error_code": "unexpected", "failures": failures}
    if isinstance(error, Unavailable):
        values |= {"error_code": error.code, "error_words": error.message[:MAX_ERROR_WORDS]}
    tries = functions[claim.name].tries if claim.name in functions else 0
    if failures < tries and not isinstance(error, WorkersDied):
        is_busy = isinstance(error, OperationalError) and is_contention(error)
        delay = CONTENTION_DELAY if is_busy else min(timedelta(seconds=10 * 3**failures), MAX_RETRY_DELAY)
        with suppress(LeaseLost), transaction():
            _release(claim, state="queued", run_at=now() + delay, **values)
    else:
        _finish_alone(claim, state="failed", **values)


def _finish_alone(claim: Claim, *, state: str, **values: object) -> None:
    """Record the end of a job whose own transaction was rolled back."""
    with suppress(LeaseLost), transaction():
        _finish(claim, state=state, **values)


def _finish(claim: Claim, *, state: str, **values: object) -> None:
    """Record how a job ended and emit the event. Raises `LeaseLost`, which rolls its effects back."""
    cleared = {"error": None, "error_code": None, "error_words": None}
    _release(claim, **{"state": state, "finished_at": now(), **cleared, **values})
    emit_finished(claim.id, claim.name, claim.owner_id, state)


def emit_finished(job_id: int, name: str, owner_id: int | None, state: str) -> None:
    """Emit `JobFinished` if the job has an owner who sees it."""
    if owner_id is not None and is_listed(name):
        emit(JobFinished(job_id, owner_id, state))


def _release(claim: Claim, **values: object) -> None:
    if not update_claimed(claim, lease_until=None, **values):
        raise LeaseLost


def run_due(worker: str = "here") -> int:
    """Run every job that is due, one after the other; returns how many."""
    count = 0
    while claim := claim_job(worker):
        run_job(claim)
        count += 1
    return count
