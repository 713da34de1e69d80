"""Pages of a person's jobs: list, details, cancel, retry, download; and maintenance jobs for administrators."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.db import db
from madang.core.errors import Conflict
from madang.core.i18n import _
from madang.core.queue import Job, JobFunction
from madang.core.settings import setting
from madang.core.web.actor import current_actor, identity_required
from madang.core.web.api_twins import api_twin
from madang.core.web.pagination import list_page
from madang.search.jobs import rebuild_index

from .fragments import job_row, report_of, send_result
from .jobs import purge
from .operations import cancel_job, retry_job, start_maintenance
from .policies import can_maintain_site
from .queries import get_job, job_count, job_rows

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("")
@identity_required
def jobs() -> str:
    actor = current_actor()
    page = list_page(job_count(actor), setting("POSTS_PER_PAGE"))
    rows = [job_row(row) for row in job_rows(actor, limit=page.size, offset=page.offset)]
    return render_template("jobs/list.html", rows=rows, page=page, can_maintain=can_maintain_site(actor))


@bp.get("/<int:job_id>")
@identity_required
def job(job_id: int) -> str:
    return _page(get_job(job_id, current_actor()))


def _page(job: Job, problem: str = "") -> str:
    return render_template("jobs/show.html", row=job_row(job), report=report_of(job), problem=problem)


@bp.get("/<int:job_id>/row")
@identity_required
def row(job_id: int) -> AnyResponse:
    """A job's row, which the page polls while the job runs; at its end htmx replaces the whole row or page."""
    job = get_job(job_id, current_actor())
    response = make_response(render_template("jobs/row.html", row=job_row(job), on=request.args.get("on")))
    if job.is_ended and request.args.get("on") == "page":
        response.headers["HX-Refresh"] = "true"
    elif job.is_ended:
        response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = f"#job-{job_id}"
    return response


@bp.post("/<int:job_id>/cancel")
@api_twin("PUT /jobs/<int:job_id>/cancel")
@identity_required
def cancel(job_id: int) -> AnyResponse | tuple[str, int]:
    job = get_job(job_id, current_actor())
    try:
        is_ended = cancel_job(job, now=now())
    except Conflict as error:
        return _refused(job, error)
    if is_ended:
        flash(_("The job has been cancelled."), "success")
    else:
        flash(_("The job will stop as soon as it can."), "info")
    return redirect(f"/jobs/{job_id}")


@bp.post("/<int:job_id>/retry")
@api_twin("PUT /jobs/<int:job_id>/retry")
@identity_required
def retry(job_id: int) -> AnyResponse | tuple[str, int]:
    job = get_job(job_id, current_actor())
    try:
        retry_job(job, now=now())
    except Conflict as error:
        return _refused(job, error)
    flash(_("The job has been started again."), "success")
    return redirect(f"/jobs/{job_id}")


def _refused(job: Job, error: Conflict) -> tuple[str, int]:
    """The job's page with its present state and the reason of the conflict."""
    db.session.refresh(job)
    return _page(job, error.message), error.status


@bp.get("/<int:job_id>/download")
@identity_required
def download(job_id: int) -> Response:
    """Download the file that a job has produced."""
    return send_result(get_job(job_id, current_actor()))


@bp.post("/rebuild-search")
@api_twin("POST /admin/jobs")
@login_required
def rebuild_search() -> AnyResponse:
    return _start(rebuild_index)


@bp.post("/purge")
@api_twin("POST /admin/jobs")
@login_required
def purge_now() -> AnyResponse:
    return _start(purge)


def _start(function: JobFunction) -> AnyResponse:
    return redirect(f"/jobs/{start_maintenance(function, actor=current_actor()).id}")
