"""Error handlers: HTML pages, plain text for htmx, problem details (RFC 9457) for the API; never a stack trace."""

import logging
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from madang.core.db import rollback
from madang.core.db.failures import failure_in
from madang.core.errors import MadangError, RateLimited, Unauthenticated, Unavailable
from madang.core.i18n import _

from ..settings import setting
from .constants import API, is_htmx
from .failures import show_failure
from .problem import problem
from .request_id import request_id
from .request_log import log_refusal, route
from .urls import path_after_login

# On the page of an expired form: the longest text with all that surrounds it.
MAX_SHOWN_FIELDS, MAX_SHOWN_CHARACTERS = 100, 150_000
log = logging.getLogger("madang.web")


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, _show_csrf_error)
    app.register_error_handler(MadangError, _show_madang_error)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(Exception, _show_unexpected_error)


def sentences(status: int) -> tuple[str, str]:
    """Return the title of a status, and a sentence that says what to do."""
    known = {
        400: (_("That request was incomplete"), _("Please go back, reload the page and try again.")),
        401: (_("Please log in first"), _("Then you can continue from here.")),
        403: (_("You are not allowed to do this"), _("If you think you should be able to, please ask a moderator.")),
        404: (_("Page not found"), _("The address may be wrong, or the page may have moved. Try a search.")),
        406: (_("No acceptable format"), _("Please accept application/json.")),
        405: (_("This address cannot be used that way"), _("Please go back and use the buttons on the page.")),
        409: (_("This is not possible now"), _("Please reload the page to see what has changed.")),
        410: (_("This has been deleted"), _("What was here has been deleted. Try a search.")),
        412: (_("This has changed in the meantime"), _("Please fetch it again and merge your changes.")),
        415: (_("Unsupported content type"), _("Please send JSON, with the header “Content-Type: application/json”.")),
        413: (_("That is too large"), _("Please send less at once: a picture may have up to 10 MB.")),
        422: (_("Something needs correcting"), _("Please go back and correct it.")),
        429: (_("Too many attempts"), _("Please wait a moment and try again.")),
        503: (_("The site is busy"), _("Please try again in a minute.")),
    }
    if 400 <= status < 500:
        return known.get(status) or known[400]
    return known.get(status) or (
        _("Something went wrong on our side"),
        _("Everything we told you was saved is safe. Please try again in a moment."),
    )


def _is_api_request() -> bool:
    return request.path.startswith(API)


def error_page(status: int, message: str = "", code: str = "", **members: object) -> Response:
    """Return the error response in the format that the caller expects. `message` replaces the usual sentence."""
    rollback()
    title, text = sentences(status)
    title = str(members.pop("title", title))
    if _is_api_request():
        if status == 404 and not message:
            title, text = _("Not found"), _("Please check the address and the id.")
        return problem(status, title, message or text, code, **members)
    if is_htmx():
        response = make_response(message or text, status)
        response.mimetype = "text/plain"
        return response
    values = {"status": status, "title": title, "text": message or text, "request_id": request_id()}
    try:
        return make_response(render_template("errors/error.html", **values), status)
    except SQLAlchemyError as error:  # the frame of the page is read from the database
        if failure := failure_in(error):
            return show_failure(error, failure)
        raise


def _show_madang_error(error: MadangError) -> Response:
    message = _sentence_by_field(error) if _is_api_request() else error.message or " ".join(_by_sentence(error))
    response = error_page(error.status, message, error.code, errors=error.fields, **error.members)
    if isinstance(error, RateLimited | Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == 401 and _is_api_request():
        response.headers["WWW-Authenticate"] = _challenge(error.code)
    return response


def _by_sentence(error: MadangError) -> dict[str, list[str]]:
    """Each sentence about fields, and the names of those fields."""
    names: dict[str, list[str]] = {}
    for name, sentence in error.fields.items():
        names.setdefault(sentence, []).append(name)
    return names


def _sentence_by_field(error: MadangError) -> str:
    """What a program shows of an error: which fields, each once, and what is wrong with them."""
    sentences = (f"{', '.join(names)}: {sentence}" for sentence, names in _by_sentence(error).items())
    return " ".join(sentences) or error.message


def _challenge(code: str) -> str:
    """Return the value of `WWW-Authenticate` (RFC 6750, RFC 7617)."""
    bearer = 'Bearer realm="Madang"' + (f', error="{code}"' if code != Unauthenticated.code else "")
    return f'{bearer}, Basic realm="Madang", charset="UTF-8"' if setting("API_BASIC_AUTH") else bearer


def _show_http_error(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or (error.code or 500) < 400:
        return error
    response = error_page(error.code or 500, _allowed_methods(error) if _is_api_request() else "")
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _allowed_methods(error: HTTPException) -> str:
    """What a program is told that used a method which its address does not take; else nothing."""
    if not isinstance(error, MethodNotAllowed) or not error.valid_methods:
        return ""
    return _("This address accepts only %(methods)s.", methods=", ".join(sorted(error.valid_methods)))


def _show_csrf_error(_error: CSRFError) -> Response:
    """Show a page with the submitted values, which a form of this site may send again."""
    log_refusal("csrf_refused", 400)
    if is_htmx() or _is_api_request():
        return error_page(400, _("This form has expired. Please reload the page and try again."))
    submitted, is_whole = _submitted_fields()
    shown = [(name, value) for name, value in submitted if value.strip() and "password" not in name]
    page = render_template(
        "errors/csrf.html",
        title=_("Please send this again"),
        fields=submitted if is_whole and _is_same_origin() else [],
        shown=shown,
        has_files=any(request.files.values()),
        action=request.full_path.rstrip("?"),
        back=path_after_login(),
    )
    return make_response(page, 400)


def _submitted_fields() -> tuple[list[tuple[str, str]], bool]:
    """Return the submitted fields as far as a page can show them, and whether these are all."""
    fields: list[tuple[str, str]] = []
    room = MAX_SHOWN_CHARACTERS
    for name, value in request.form.items(multi=True):
        if name == "csrf_token":
            continue
        room -= len(name) + len(value)
        if room < 0 or len(fields) == MAX_SHOWN_FIELDS:
            return fields, False
        fields.append((name, value))
    return fields, True


def _is_same_origin() -> bool:
    try:
        host = urlsplit(request.headers.get("Origin") or request.referrer or "").netloc
    except ValueError:
        return False
    return bool(host) and host == request.host and not any("password" in name for name in request.form)


def is_debugging(app: Flask) -> bool:
    """Whether unexpected errors are shown by Werkzeug's debugger, which runs code of whoever sees the page."""
    return app.debug and app.config["ENVIRONMENT"] == "development"


def _show_unexpected_error(error: Exception) -> Response:
    if failure := failure_in(error):
        return show_failure(error, failure)
    if is_debugging(current_app):
        raise error
    log.error("unexpected error at %s %s", request.method, route(), exc_info=error)
    try:
        return error_page(500)
    except Exception:
        log.exception("the error page could not be rendered either")
        return Response(" ".join(sentences(500)), 500, mimetype="text/plain")
