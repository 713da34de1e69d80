"""What people do with their jobs, and throwing old ones away."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, update

from madang.core.actor import Actor
from madang.core.db import after_commit, db
from madang.core.errors import Conflict, require
from madang.core.i18n import _
from madang.core.queue import Job, JobFunction, rq_transport
from madang.core.queue.functions import listed_names
from madang.core.queue.running import tell_finished

from .policies import can_maintain_site

LISTED_KEPT = timedelta(days=30)
OTHERS_KEPT = timedelta(days=7)


def cancel_job(job: Job, *, now: datetime) -> bool:
    """Cancel a job of one's own: at once while it waits, else its worker is asked. Returns whether it has ended.

    Raises `Conflict` if it has ended already.
    """
    if _change(job, ("queued",), state="cancelled", finished_at=now, cancel_asked_at=now):
        tell_finished(job.id, job.name, job.owner_id, "cancelled")
        return True
    if not _change(job, ("running",), cancel_asked_at=now):
        raise Conflict(_("This job has already ended, so there is nothing left to cancel."))
    return False


def retry_job(job: Job, *, now: datetime) -> None:
    """Ask anew for a job that failed or was cancelled. Raises `Conflict` for any other."""
    empty = dict.fromkeys(("finished_at", "cancel_asked_at", "error", "error_code", "error_words"))
    is_new = _change(
        job, ("failed", "cancelled"), state="queued", run_at=now, attempts=0, failures=0, progress=0, **empty
    )
    if not is_new:
        raise Conflict(_("Only a job that failed or was cancelled can be run again."))
    after_commit(partial(rq_transport.wake_workers, job.id))


def start_maintenance(function: JobFunction, *, actor: Actor) -> Job:
    """Start work that keeps the site in order."""
    require(can_maintain_site(actor), _("Only administrators may do this."))
    return function.enqueue(owner_id=actor.id)


def _change(job: Job, states: tuple[str, ...], **values: Any) -> bool:
    """Change a job's row if it is in one of `states` now: a worker may be quicker."""
    change = update(Job).where(Job.id == job.id, Job.state.in_(states)).values(values)
    changed = db.session.execute(change.execution_options(synchronize_session=False))
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def purge_jobs(moment: datetime) -> None:
    """Throw away the jobs that ended long ago; those that nobody sees go sooner."""
    is_old = (Job.finished_at < moment - LISTED_KEPT) | (
        (Job.finished_at < moment - OTHERS_KEPT)
        & (Job.name.not_in(listed_names()) | Job.owner_id.is_(None))
        & (Job.state != "failed")
    )
    db.session.execute(delete(Job).where(is_old).execution_options(synchronize_session=False))
