"""Answers while the database or the disk fails, which need neither: a page of their own, or problem details.

The transaction of the request is rolled back, and so is its session: nobody reads "Welcome" who has no account.
"""

import logging
from contextlib import suppress
from typing import NamedTuple

from flask import Response, current_app, g, make_response, request, session
from sqlalchemy.exc import SQLAlchemyError

from madang.core.actor import VISITOR
from madang.core.db import rollback
from madang.core.db.failures import Failure, reason
from madang.core.i18n import _, choose_locale, set_locale

from .constants import API, LOCALE_COOKIE, is_htmx
from .problem import problem
from .request_log import route
from .templating import theme

log = logging.getLogger("madang.web")


class Answer(NamedTuple):
    """What a caller is told about a failure."""

    status: int
    retry_after: int  # seconds
    title: str
    text: str


def _answer(failure: Failure) -> Answer:
    is_reading = request.method in ("GET", "HEAD")
    later = _("Please try again in a minute.")
    kept = later if is_reading else _("Nothing was saved. Please keep what you wrote, and try again in a minute.")
    lasting = _("Reading still works. Please tell the administrators, and keep what you wrote until then.")
    return {
        Failure.BUSY: Answer(503, 2, _("The site is busy"), later),
        Failure.UNREACHABLE: Answer(503, 5, _("The site has no connection to its database"), kept),
        Failure.FULL: Answer(
            507, 60, _("Nothing can be saved now"), " ".join([_("The disk of this site is full."), lasting])
        ),
        Failure.READ_ONLY: Answer(
            503, 60, _("Nothing can be saved now"), " ".join([_("This site may not write to its disk."), lasting])
        ),
    }[failure]


def show_failure(error: Exception, failure: Failure) -> Response:
    """Answer a request that met `failure`, in the format that the caller expects."""
    log.warning("%s: %s %s failed: %s", failure.value, request.method, route(), reason(error))
    _forget_request()
    answer = _answer(failure)
    if request.path.startswith(API):
        code = "" if failure is Failure.BUSY else f"database_{failure.value}"
        response = problem(answer.status, answer.title, answer.text, code)
    elif is_htmx():
        response = make_response(answer.text, answer.status)
        response.mimetype = "text/plain"
    else:
        # Without the variables of other pages, which are read from the database.
        page = current_app.jinja_env.get_template("errors/failure.html").render(answer=answer, theme=theme())
        response = make_response(page, answer.status)
    response.headers["Retry-After"] = str(answer.retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response


def _forget_request() -> None:
    """Undo what the request has written, in the database and in its session."""
    with suppress(SQLAlchemyError):  # the connection may be lost with its transaction
        rollback()
    g.failed = True
    kept = current_app.session_interface.open_session(current_app, request)  # as the request brought it
    session.clear()
    session.update(kept or {})
    session.modified = False
    g.setdefault("actor", VISITOR)  # the failure may have come before anybody was known
    if "has_locale" not in g:
        accepted = request.headers.get("Accept-Language")
        default = current_app.config["DEFAULT_LOCALE"]
        set_locale(
            choose_locale(request.cookies.get(LOCALE_COOKIE), accepted, default), current_app.config["DEFAULT_TIMEZONE"]
        )
