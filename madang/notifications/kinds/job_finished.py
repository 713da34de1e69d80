"""The owner of a background job is notified of its end."""

from sqlalchemy import select

from madang.core.db import db
from madang.core.i18n import _
from madang.core.queue import Job
from madang.core.queue import events as on
from madang.core.queue.functions import job_title

from ..models.tables import Payload
from .base import EventKind, Ids, Notice


class JobFinished(EventKind):
    """A job that is done or has failed, for its owner; not one that they cancelled."""

    name = "job_finished"
    position = 90
    icon = "gear"
    default_channel = "web"
    delay = None

    def label(self) -> str:
        return _("My job is done")

    def sentence(self, who: str, title: str, payload: Payload) -> str:
        title = job_title(payload["job_name"])
        if payload.get("state") == "done":
            return _("“%(title)s” is done", title=title)
        return _("“%(title)s” failed", title=title)

    def is_caused_by(self, event: object) -> bool:
        return isinstance(event, on.JobFinished) and event.state != "cancelled"

    def notice(self, ids: Ids) -> Notice | None:
        columns = select(Job.id, Job.name, Job.state, Job.finished_at).where(Job.id == ids["job_id"])
        job = next(iter(db.rows(columns)), None)
        if job is None:
            return None
        key = f"job:{job.id}:{job.finished_at:%Y%m%d%H%M%S%f}"  # with the time: a job that is run again notifies again
        return Notice(
            kind=self.name,
            recipients=[ids["owner_id"]],
            dedupe_key=key,
            group_key=key,
            payload={"job_id": job.id, "job_name": job.name, "state": job.state, "url": f"/jobs/{job.id}"},
        )
