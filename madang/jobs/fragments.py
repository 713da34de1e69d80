"""Jobs as pages and the API show them, and their result files as downloads."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, send_file
from sqlalchemy import Row

from madang.core.clock import now
from madang.core.errors import Gone
from madang.core.i18n import _, ahead
from madang.core.queue import ENDED, Job
from madang.core.queue.functions import Report, functions
from madang.core.queue.result_files import RESULT_FILE_RETENTION, ready_file
from madang.core.rest.blueprint import PREFIX
from madang.core.rest.serialisation import show_one

from .schemas import JobSchema

COLOURS = {"done": "good", "failed": "bad", "running": "warm"}


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job in a list, in the reader's language.

    `words` describe the state, `problem` what went wrong; `address` is that of its file, empty if it has none.
    """

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
        """Whether the page offers any action."""
        return bool(self.address) or self.state != "done"


def job_row(row: Row | Job) -> JobRow:
    """The list row of a job or of a row of `queries.JOB_COLUMNS`."""
    function = functions[row.name]
    return JobRow(
        id=row.id,
        name=row.name,
        title=function.title() if function.title else row.name,
        about=function.about(function.arguments_of(row.name, row.arguments)),
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


def state_words(row: Row | Job) -> str:
    """A job's state in the reader's language."""
    if row.state == "running" and row.cancel_asked_at:
        return _("Cancelling")
    if row.state == "queued" and row.failures:
        return _("Waiting to retry")
    return {
        "queued": _("Waiting"),
        "running": _("Running"),
        "done": _("Done"),
        "failed": _("Failed"),
        "cancelled": _("Cancelled"),
    }[row.state]


def problem_words(row: Row | Job) -> str:
    """Why a job failed or has to be retried; empty if neither."""
    if row.state == "failed":
        return row.error_words or _("Something went wrong on our side. Please try again later.")
    if row.state == "queued" and row.failures:
        return _("It did not work. We will try again %(when)s.", when=ahead(row.run_at, now()))
    return ""


def has_file(row: Row | Job) -> bool:
    """Whether a job has produced a file that has not expired."""
    if row.state != "done" or not row.result_file or row.finished_at is None:
        return False
    return row.finished_at > now() - RESULT_FILE_RETENTION


def send_result(job: Job) -> Response:
    """The file that a job has produced, as an uncached download. Raises `Gone` if it has expired."""
    file = ready_file(job, now())
    if file is None:
        raise Gone(_("This file is no longer available. Please run the job again."))
    name = (job.result or {}).get("file_name") or file.name
    response = send_file(file, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def report_of(job: Job) -> Report | None:
    """The report of a finished job's result, None if there is none."""
    return functions[job.name].report(job.result) if job.state == "done" and job.result else None


def accepted(job: Job) -> Response:
    """The response 202 with the job that does the rest, and its address as `Location`."""
    response = show_one(JobSchema, job_row(job), 202)
    response.headers["Location"] = f"{PREFIX}/jobs/{job.id}"
    return response
