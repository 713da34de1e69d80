"""Taking jobs, doing them, and writing how they ended."""

import logging
import traceback
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.exc import OperationalError

from madang.core.clock import now
from madang.core.db import db, is_contention, transaction
from madang.core.errors import MadangError, Unavailable
from madang.core.events import emit
from madang.core.i18n import use_locale

from .context import Cancelled, Claim, JobContext, LeaseLost, present_job
from .events import JobFinished
from .functions import Outcome, functions, is_listed
from .models import WORDS_MAX, Job
from .processes import is_dead

LEASE = timedelta(seconds=20)
MAX_FAILURES = 5
MAX_DEATHS = 10
CONTENTION_WAIT = timedelta(seconds=2)
log = logging.getLogger("madang.jobs")


class WorkersDied(Exception):
    """Every worker that took this job died of it."""


def _claimable(moment: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Job.state == "queued", Job.run_at <= moment), and_(Job.state == "running", Job.lease_until < moment)
    )


def claim(worker: str) -> Claim | None:
    """Take the oldest job that is due, or whose worker has died. None if none is."""
    moment = now()
    due = select(Job.id).where(_claimable(moment)).order_by(Job.run_at, Job.id).limit(5)
    for candidate in db.session.scalars(due).all():
        with transaction() as session:
            taken = session.execute(
                update(Job)
                .where(Job.id == candidate, _claimable(moment))
                .values(state="running", worker=worker, lease_until=moment + LEASE, attempts=Job.attempts + 1)
                .execution_options(synchronize_session=False)
            )
            if taken.rowcount:  # type: ignore[attr-defined]
                return _claim_of(candidate)
    return None


def _claim_of(job_id: int) -> Claim:
    columns = (Job.id, Job.name, Job.arguments, Job.worker, Job.attempts, Job.failures, Job.owner_id, Job.locale)
    row = select(*columns, Job.cancel_asked_at.is_not(None)).where(Job.id == job_id)
    return Claim(*db.session.execute(row).one())


def release_dead() -> int:
    """Let the jobs go that are held by processes of this machine which are no more; returns how many."""
    held = select(Job.worker).where(Job.state == "running", Job.lease_until >= now()).distinct()
    dead = [worker for worker in db.session.scalars(held).all() if worker and is_dead(worker)]
    if not dead:
        return 0
    moment = now()
    with transaction() as session:
        released = session.execute(
            update(Job)
            .where(Job.state == "running", Job.worker.in_(dead))
            .values(lease_until=moment - timedelta(seconds=1))
            .execution_options(synchronize_session=False)
        )
    return released.rowcount  # type: ignore[attr-defined]


def run(claimed: Claim, present: JobContext | None = None) -> None:
    """Do the work of a claimed job and write how it ended, both in one transaction and only while it is ours."""
    token = present_job.set(present or JobContext(claimed))
    try:
        with use_locale(claimed.locale):
            _run(claimed)
    finally:
        present_job.reset(token)


def _run(claimed: Claim) -> None:
    try:
        with transaction():
            outcome = _result_of(claimed)
            values, file = (outcome.values, outcome.file) if isinstance(outcome, Outcome) else (outcome, None)
            _finish(claimed, state="done", progress=100, result=values, result_file=file)
    except LeaseLost:
        log.warning("job %s (%s) was taken over by another worker", claimed.name, claimed.id)
    except Cancelled:
        _end(claimed, state="cancelled")
    except Unavailable as error:
        _fail(claimed, error)
    except MadangError as error:
        words = error.message or " ".join(error.fields.values())
        _end(claimed, state="failed", error_code=error.code, error_words=words[:WORDS_MAX])
    except Exception as error:
        log.exception("job %s (%s) failed", claimed.name, claimed.id)
        _fail(claimed, error)


def _result_of(claimed: Claim) -> dict[str, Any] | Outcome | None:
    if claimed.is_cancel_asked:  # and whoever ran it then died before hearing of it
        raise Cancelled
    if claimed.attempts - claimed.failures > MAX_DEATHS:
        raise WorkersDied(WorkersDied.__doc__)
    return functions[claimed.name].function(**claimed.arguments)


def _fail(claimed: Claim, error: Exception) -> None:
    """Put a job that broke back for later, each time longer; in the end it stays failed."""
    text = "".join(traceback.format_exception(error, limit=20)).replace("\0", "")
    failures = claimed.failures + 1
    told = {"error": text, "error_code": "unexpected", "failures": failures}
    if failures < MAX_FAILURES and claimed.name in functions and not isinstance(error, WorkersDied):
        is_busy = isinstance(error, OperationalError) and is_contention(error)
        wait = CONTENTION_WAIT if is_busy else timedelta(seconds=10 * 3**failures)
        with suppress(LeaseLost), transaction():
            _write_end(claimed, state="queued", run_at=now() + wait, **told)
    else:
        _end(claimed, state="failed", **told)


def _end(claimed: Claim, **values: Any) -> None:
    with suppress(LeaseLost), transaction():
        _finish(claimed, **values)


def _finish(claimed: Claim, **values: Any) -> None:
    """Write how a job ended, and tell of it. Raises `LeaseLost`, which takes back its effects, if it is not ours."""
    cleared = {"error": None, "error_code": None, "error_words": None}
    _write_end(claimed, **{"finished_at": now(), **cleared, **values})
    tell_finished(claimed.id, claimed.name, claimed.owner_id, values["state"])


def tell_finished(job_id: int, name: str, owner_id: int | None, state: str) -> None:
    """Tell of the end of a job that somebody sees."""
    if owner_id is not None and is_listed(name):
        emit(JobFinished(job_id, owner_id, state))


def _write_end(claimed: Claim, **values: Any) -> None:
    change = update(Job).where(claimed.is_ours()).values({"lease_until": None, **values})
    ended = db.session.execute(change.execution_options(synchronize_session=False))
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise LeaseLost


def run_due(worker: str = "here") -> int:
    """Run every job that is due, one after the other; returns how many."""
    count = 0
    while claimed := claim(worker):
        run(claimed)
        count += 1
    return count
