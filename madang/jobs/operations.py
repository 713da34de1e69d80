"""Operations of jobs: cancel, retry, start maintenance, purge, delete those of a guest."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import delete, update

from madang.core.actor import Actor
from madang.core.db import after_commit, db
from madang.core.errors import Conflict, require
from madang.core.i18n import _
from madang.core.queue import Job, JobFunction, rq_transport
from madang.core.queue.functions import listed_names
from madang.core.queue.running import emit_finished
from madang.core.settings import setting

from .policies import can_maintain_site

UNLISTED_RETENTION = timedelta(days=7)


def cancel_job(job: Job, *, now: datetime) -> bool:
    """Cancel a queued job, or request that the worker of a running one stops it.

    Returns whether the job has ended. Raises `Conflict` if it had ended before.
    """
    if _change(job, ("queued",), state="cancelled", finished_at=now, cancel_asked_at=now):
        emit_finished(job.id, job.name, job.owner_id, "cancelled")
        return True
    if not _change(job, ("running",), cancel_asked_at=now):
        raise Conflict(_("This job has already ended and cannot be cancelled."))
    return False


def retry_job(job: Job, *, now: datetime) -> None:
    """Enqueue a failed or cancelled job again. Raises `Conflict` for a job in another state."""
    empty = dict.fromkeys(("finished_at", "cancel_asked_at", "error", "error_code", "error_words"))
    is_queued = _change(
        job, ("failed", "cancelled"), state="queued", run_at=now, attempts=0, failures=0, progress=0, **empty
    )
    if not is_queued:
        raise Conflict(_("Only a job that failed or was cancelled can be run again."))
    after_commit(partial(rq_transport.wake_workers, job.id))


def start_maintenance(function: JobFunction, *, actor: Actor) -> Job:
    """Enqueue a maintenance job. Raises `Forbidden` for anybody but administrators."""
    require(can_maintain_site(actor), _("Only administrators can do this."))
    return function.enqueue(owner_id=actor.id)


def _change(job: Job, states: tuple[str, ...], **values: object) -> bool:
    """Update a job if its state is still one of `states`: a worker may have changed it. Returns whether it was."""
    return bool(db.write(update(Job).where(Job.id == job.id, Job.state.in_(states)).values(values)).rowcount)


def purge_jobs(moment: datetime) -> None:
    """Delete jobs that ended long ago; unlisted ones earlier, unless they failed."""
    is_old = (Job.finished_at < moment - timedelta(days=setting("JOB_RETENTION_DAYS"))) | (
        (Job.finished_at < moment - UNLISTED_RETENTION)
        & (Job.name.not_in(listed_names()) | Job.owner_id.is_(None))
        & (Job.state != "failed")
    )
    db.session.execute(delete(Job).where(is_old).execution_options(synchronize_session=False))


def delete_guest_jobs(owner_id: int) -> None:
    """Delete a guest's jobs; those that are running finish without an owner."""
    db.write(delete(Job).where(Job.owner_id == owner_id, Job.state != "running"))
    db.write(update(Job).where(Job.owner_id == owner_id).values(owner_id=None))
