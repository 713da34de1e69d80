"""A person's jobs: the list, one of them, cancelling, running again, downloading; and what administrators start."""

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.db import db
from madang.core.errors import Conflict
from madang.core.i18n import _
from madang.core.queue import Job, JobFunction
from madang.core.web.actor import current_actor, identity_required
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
    page = list_page(job_count(actor), current_app.config["POSTS_PER_PAGE"])
    rows = [job_row(row) for row in job_rows(actor, limit=page.size, offset=page.offset)]
    return render_template("jobs/list.html", rows=rows, page=page, can_maintain=can_maintain_site(actor))


@bp.get("/<int:job_id>")
@identity_required
def job(job_id: int) -> str:
    return _page(get_job(job_id, current_actor()))


def _page(found: Job, problem: str = "") -> str:
    return render_template("jobs/show.html", row=job_row(found), report=report_of(found), problem=problem)


@bp.get("/<int:job_id>/row")
@identity_required
def row(job_id: int) -> AnyResponse:
    """A job's line, which the page asks for while it runs. At its end the page is told to put in the whole of it."""
    found = get_job(job_id, current_actor())
    answer = make_response(render_template("jobs/row.html", row=job_row(found), on=request.args.get("on")))
    if found.is_ended and request.args.get("on") == "page":
        answer.headers["HX-Refresh"] = "true"
    elif found.is_ended:
        answer.headers["HX-Retarget"] = answer.headers["HX-Reselect"] = f"#job-{job_id}"
    return answer


@bp.post("/<int:job_id>/cancel")
@identity_required
def cancel(job_id: int) -> AnyResponse | tuple[str, int]:
    found = get_job(job_id, current_actor())
    try:
        is_ended = cancel_job(found, now=now())
    except Conflict as error:
        return _refused(found, error)
    if is_ended:
        flash(_("The job is cancelled."), "success")
    else:
        flash(_("The job stops as soon as it can."), "info")
    return redirect(f"/jobs/{job_id}")


@bp.post("/<int:job_id>/retry")
@identity_required
def retry(job_id: int) -> AnyResponse | tuple[str, int]:
    found = get_job(job_id, current_actor())
    try:
        retry_job(found, now=now())
    except Conflict as error:
        return _refused(found, error)
    flash(_("The job runs again."), "success")
    return redirect(f"/jobs/{job_id}")


def _refused(found: Job, error: Conflict) -> tuple[str, int]:
    """The job as it is by now, with the reason why nothing was done."""
    db.session.refresh(found)
    return _page(found, error.message), error.status


@bp.get("/<int:job_id>/download")
@identity_required
def download(job_id: int) -> Response:
    """The file that a job has left, for its owner alone."""
    found = get_job(job_id, current_actor())
    return send_result(found)


@bp.post("/rebuild-search")
@login_required
def rebuild_search() -> AnyResponse:
    return _start(rebuild_index)


@bp.post("/purge")
@login_required
def purge_now() -> AnyResponse:
    return _start(purge)


def _start(function: JobFunction) -> AnyResponse:
    return redirect(f"/jobs/{start_maintenance(function, actor=current_actor()).id}")
