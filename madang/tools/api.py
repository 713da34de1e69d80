"""The tools for programs: each asks for a job."""

from typing import Any

from flask import current_app

from madang.core.clock import now
from madang.core.queue import Job
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.web.actor import current_actor
from madang.core.web.limits import limit_rate
from madang.jobs.fragments import job_row
from madang.jobs.schemas import JobSchema

from .jobs import count_words, send_an_email
from .operations.requesting import ask_once, check_count, check_mail
from .schemas import NewMailSchema, NewWordCountSchema

bp = ApiBlueprint("tools", description="Counting words, sending an e-mail: each is a job.")


@bp.post("/tools/word-counts", guests=True)
@bp.body(NewWordCountSchema)
@bp.response(JobSchema, 201)
def create_word_count(wanted: dict[str, str]) -> Created:
    """Count the words of a text or of a page. `GET /jobs/{id}/result` has the numbers when the job is done."""
    actor = current_actor()
    arguments = check_count(**wanted, actor=actor)
    limit_rate("tool")
    return _made(ask_once(count_words, arguments, actor=actor, now=now()))


@bp.post("/tools/mails", guests=True)
@bp.body(NewMailSchema)
@bp.response(JobSchema, 201)
def create_mail(wanted: dict[str, str]) -> Created:
    """Send an e-mail in one's name."""
    actor, settings = current_actor(), current_app.config
    arguments = check_mail(**wanted, actor=actor, is_production=settings["ENVIRONMENT"] == "production")
    limit_rate("tool")
    per_day: Any = settings["SEND_MAIL_PER_DAY"]
    return _made(ask_once(send_an_email, arguments, actor=actor, now=now(), per_day=per_day))


def _made(job: Job) -> Created:
    return Created(job_row(job), f"{PREFIX}/jobs/{job.id}")
