"""Operations that check the input of the tools and enqueue their jobs."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from madang.accounts.models import EMAIL_MAX, User
from madang.accounts.operations.checks import email_format_error
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import InvalidInput, RateLimited, raise_if_invalid, require, too_long_error
from madang.core.i18n import _
from madang.core.queue import UNFINISHED, Job, JobFunction
from madang.core.queue.functions import JsonObject
from madang.core.text import clean_body, clean_line

from ..policies import can_send_mail, can_use_tools
from .addresses import FetchError, check_url

TEXT_MAX = 200_000  # percent-encoded still less than the limit of a form
SUBJECT_MAX = 200
BODY_MAX = 10_000
MAX_WAITING = 20
DUPLICATE_WINDOW = timedelta(seconds=10)
DAY = timedelta(days=1)
WAIT_SECONDS = 10


def check_word_count(*, text: str, url: str, actor: Actor) -> dict[str, str]:
    """Check the input of the word counter, either a text or a URL. Returns the arguments of its job.

    Raises `Forbidden` and `InvalidInput` (text, url).
    """
    require(can_use_tools(actor), _("You cannot use the tools while you are suspended."))
    text, url = clean_body(text), url.strip()
    if text and url:
        raise InvalidInput(_("Please give either a text or an address, not both."), field="url")
    if not text and not url:
        raise InvalidInput(_("Please paste a text, or enter the address of a page."), field="text")
    raise_if_invalid(text=too_long_error(text, TEXT_MAX))
    if url:
        try:
            check_url(url)
        except FetchError as error:
            raise InvalidInput(error.message, field="url") from None
        return {"url": url}
    return {"text": text}


def check_mail(*, to: str, subject: str, body: str, actor: Actor, is_production: bool) -> dict[str, str]:
    """Check an e-mail. Returns the arguments of its job. Raises `Forbidden` and `InvalidInput` (to, subject, body)."""
    require(can_send_mail(actor, is_production=is_production), _("Please confirm your own e-mail address first."))
    to, body = to.strip(), clean_body(body)
    title = clean_line(subject)
    raise_if_invalid(
        to=_address_error(to),
        subject=_subject_error(subject, title),
        body=too_long_error(body, BODY_MAX) if body.strip() else _("Please write something."),
    )
    return {"to": to, "subject": title, "body": body}


def _address_error(to: str) -> str | None:
    if any(sign in to for sign in ",;"):
        return _("Please enter only one address.")
    return too_long_error(to, EMAIL_MAX) or email_format_error(to)


def _subject_error(subject: str, title: str) -> str | None:
    if "\r" in subject or "\n" in subject:  # a second line would be parsed as another header
        return _("The subject must be one line.")
    return too_long_error(title, SUBJECT_MAX) if title else _("Please write a subject.")


def enqueue_once(
    function: JobFunction, arguments: JsonObject, *, actor: Actor, now: datetime, per_day: int | None = None
) -> Job:
    """Enqueue a job unless the actor enqueued the same within `DUPLICATE_WINDOW`. Returns the new or earlier job.

    Raises `RateLimited` if too many jobs are waiting or `per_day` were enqueued within a day.
    """
    # The second request of a double click waits here for the first.
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())
    mine = Job.owner_id == actor.id
    latest = select(Job).where(mine, Job.name == function.name).order_by(Job.id.desc()).limit(1)
    earlier = db.session.scalar(latest)
    if earlier and earlier.arguments == arguments and earlier.created_at > now - DUPLICATE_WINDOW:
        return earlier
    count = select(func.count()).select_from(Job).where(mine, Job.name == function.name)
    if (db.session.scalar(count.where(Job.state.in_(UNFINISHED))) or 0) >= MAX_WAITING:
        raise RateLimited(
            _("%(count)s of your jobs are already waiting. Please let some of them end first.", count=MAX_WAITING),
            retry_after=WAIT_SECONDS,
        )
    if per_day is not None and (db.session.scalar(count.where(Job.created_at > now - DAY)) or 0) >= per_day:
        raise RateLimited(
            _("You can send %(count)s e-mails a day. Please send this one tomorrow.", count=per_day),
            retry_after=int(DAY.total_seconds()),
        )
    return function.enqueue(owner_id=actor.id, **arguments)
