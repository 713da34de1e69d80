"""API of the tools, each of which enqueues a job."""

from madang.core.clock import now
from madang.core.queue import Job
from madang.core.rest.blueprint import PREFIX, ApiBlueprint, Created
from madang.core.settings import setting
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limited_rate
from madang.jobs.fragments import job_row
from madang.jobs.schemas import JobSchema

from .jobs import count_words, send_an_email
from .operations.enqueueing import check_mail, check_word_count, enqueue_once
from .schemas import NewMailSchema, NewWordCountSchema

bp = ApiBlueprint("tools", description="Counting words and sending e-mail; each is a job.")


@bp.post("/tools/word-counts", guests=True)
@bp.body(NewWordCountSchema)
@bp.response(JobSchema, 201)
def create_word_count(payload: dict[str, str]) -> Created:
    """Count the words of a text or of a page. `GET /jobs/{id}/result` has the numbers when the job is done."""
    actor = current_actor()
    arguments = check_word_count(**payload, actor=actor)
    with limited_rate("tool"):
        return _created(enqueue_once(count_words, arguments, actor=actor, now=now()))


@bp.post("/tools/mails", guests=True)
@bp.body(NewMailSchema)
@bp.response(JobSchema, 201)
def create_mail(payload: dict[str, str]) -> Created:
    """Send an e-mail in the caller's name."""
    actor, per_day = current_actor(), setting("SEND_MAIL_PER_DAY")
    arguments = check_mail(**payload, actor=actor, is_production=setting("ENVIRONMENT") == "production")
    with limited_rate("tool"):
        return _created(enqueue_once(send_an_email, arguments, actor=actor, now=now(), per_day=per_day))


def _created(job: Job) -> Created:
    return Created(job_row(job), f"{PREFIX}/jobs/{job.id}")
