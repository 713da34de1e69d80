"""API of a person's jobs and their results, and of maintenance jobs for administrators."""

from flask import Response

from madang.core.clock import now
from madang.core.errors import Conflict
from madang.core.i18n import _
from madang.core.rest.access import ADMIN
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.rest.pagination import Page, PageResult
from madang.core.web.actor import current_actor
from madang.search.jobs import rebuild_index

from .fragments import JobRow, job_row, send_result
from .jobs import purge
from .operations import cancel_job, retry_job, start_maintenance
from .queries import get_job, get_job_row, jobs_before
from .schemas import JobResultSchema, JobSchema, NewMaintenanceSchema

bp = ApiBlueprint("jobs", description="Work in the background, and what comes of it.")
FILE = "application/octet-stream"
MAINTENANCE = {"rebuild_index": rebuild_index, "purge": purge}


@bp.get("/jobs", guests=True)
@bp.paginated(JobSchema)
def list_jobs(page: Page) -> PageResult:
    """The caller's jobs, the newest first."""
    result = page.of(jobs_before(current_actor(), page.after_id, page.more), lambda row: (row.id,))
    return PageResult([job_row(row) for row in result.rows], result.next_key)


@bp.get("/jobs/<int:job_id>", guests=True)
@bp.response(JobSchema)
def get_one_job(job_id: int) -> JobRow:
    """One of the caller's jobs."""
    return job_row(get_job_row(job_id, current_actor()))


@bp.get("/jobs/<int:job_id>/result", guests=True)
@bp.alt_response(409)
@bp.response(JobResultSchema)
def get_job_result(job_id: int) -> dict:
    """The result of a job; 409 until it is done."""
    job = get_job(job_id, current_actor())
    if job.state != "done":
        raise Conflict(_("This job is not done, so it has no result yet."))
    return {"result": job.result}


@bp.get("/jobs/<int:job_id>/file", guests=True, fresh=True)
@bp.file_response(FILE)
def get_job_file(job_id: int) -> Response:
    """The file that a job produced, for a week. Tokens have no access: an archive of one's data contains messages."""
    response = send_result(get_job(job_id, current_actor()))
    response.mimetype = FILE
    return response


@bp.put("/jobs/<int:job_id>/cancel", guests=True)
@bp.response(JobSchema)
def cancel_one_job(job_id: int) -> JobRow:
    """Cancel a job: immediately while it is queued, else as soon as it can stop."""
    cancel_job(get_job(job_id, current_actor()), now=now())
    return job_row(get_job_row(job_id, current_actor()))


@bp.put("/jobs/<int:job_id>/retry", guests=True)
@bp.response(JobSchema)
def retry_one_job(job_id: int) -> JobRow:
    """Run a failed or cancelled job again."""
    retry_job(get_job(job_id, current_actor()), now=now())
    return job_row(get_job_row(job_id, current_actor()))


@bp.post("/admin/jobs", scope=ADMIN, fresh=True)
@bp.body(NewMaintenanceSchema)
@bp.response(JobSchema, 201)
def start_maintenance_job(payload: dict[str, str]) -> Created:
    """Start a maintenance job: rebuild the search index, or purge expired data."""
    job = start_maintenance(MAINTENANCE[payload["job"]], actor=current_actor())
    return Created(job_row(job), f"{PREFIX}/jobs/{job.id}")
