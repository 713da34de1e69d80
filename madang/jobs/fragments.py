"""What pages print of a job."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, send_file

from madang.core.clock import now
from madang.core.errors import Gone
from madang.core.i18n import _
from madang.core.queue import ENDED, Job
from madang.core.queue.functions import functions
from madang.core.queue.result_files import FILES_KEPT, ready_file

COLOURS = {"done": "good", "failed": "bad", "running": "warm"}


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as a list shows it. `problem` says what went wrong, `address` where its file is."""

    id: int
    name: str
    title: str
    about: str
    state: str
    words: str
    colour: str
    percent: int
    problem: str
    error_code: str | None
    address: str
    created_at: datetime
    finished_at: datetime | None

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def can_retry(self) -> bool:
        return self.state in ("failed", "cancelled")

    @property
    def can_be_changed(self) -> bool:
        """Whether there is anything to press."""
        return bool(self.address) or self.state != "done"


def job_row(row: Any) -> JobRow:
    """A row of `queries.ROW`, or a `Job`, in the reader's words."""
    function = functions[row.name]
    return JobRow(
        id=row.id,
        name=row.name,
        title=function.title() if function.title else row.name,
        about=function.about(row.arguments),
        state=row.state,
        words=state_words(row),
        colour=COLOURS.get(row.state, ""),
        percent=row.progress,
        problem=problem_words(row),
        error_code=row.error_code,
        address=f"/jobs/{row.id}/download" if has_file(row) else "",
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def state_words(row: Any) -> str:
    """A job's state in a word or two."""
    if row.state == "running" and row.cancel_asked_at:
        return _("Being cancelled")
    if row.state == "queued" and row.failures:
        return _("Waits for another try")
    return {
        "queued": _("Waiting"),
        "running": _("Running"),
        "done": _("Done"),
        "failed": _("Failed"),
        "cancelled": _("Cancelled"),
    }[row.state]


def problem_words(row: Any) -> str:
    """Why a job failed, or why it has to be tried again."""
    if row.state == "failed":
        return row.error_words or _("Something went wrong on our side. Please try again later.")
    if row.state == "queued" and row.failures:
        minutes = max(1, round((row.run_at - now()) / timedelta(minutes=1)))
        return _("It did not work yet. We try again in about %(minutes)s minutes.", minutes=minutes)
    return ""


def has_file(row: Any) -> bool:
    """Whether a job has left a file that is still kept."""
    return bool(row.state == "done" and row.result_file and row.finished_at > now() - FILES_KEPT)


def send_result(job: Job) -> Response:
    """The file that a job has left, for its owner alone. Raises `Gone` where it is not kept any more."""
    file = ready_file(job, now())
    if file is None:
        raise Gone(_("This file is not kept any more. Please run the job anew."))
    name = (job.result or {}).get("file_name") or file.name
    response = send_file(file, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def report_of(job: Job) -> Any:
    """What a job's page says of its result; None where there is nothing to say."""
    return functions[job.name].report(job.result) if job.state == "done" and job.result else None
