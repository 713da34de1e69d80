"""The lifecycle of a request: actor, locale, CSRF, suspension, and commit or rollback at the end.

A request is one transaction: committed for a status below 400, rolled back otherwise.
"""

from collections.abc import Callable
from urllib.parse import quote

import structlog
from flask import Flask, Response, current_app, flash, g, redirect, request, url_for
from flask_login import LoginManager, user_logged_in, user_logged_out
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from madang.core.actor import VISITOR, Actor
from madang.core.db import commit, rollback
from madang.core.db.failures import failure_in
from madang.core.errors import MadangError, NotFound, Unauthenticated, Unavailable
from madang.core.i18n import _, choose_locale, set_locale
from madang.core.site import offered_locales, site

from ..settings import setting
from .actor import current_actor, set_actor_on_login, set_actor_on_logout
from .caching import CACHEABLE_HEADER, is_cacheable_for_visitors
from .constants import ACCOUNT, API, BARE_ENDPOINTS, FOR_PROGRAMS, LOCALE_COOKIE, REFUSED, is_htmx
from .csrf import csrf
from .failures import show_failure
from .fragment_cache import fill_placeholders
from .ids import IdConverter
from .maintenance import refuse_writes_in_maintenance
from .rate_limits import rate_limited
from .request_id import start_log_context
from .request_log import log_refusal, route
from .suspension import refuse_suspended
from .urls import path_after_login, safe_path

OPEN_BEFORE_SETUP = ("static", "favicon", "touch_icon", "setup", "setup_site", "health", "ready_health", "language")


class NotSetUp(Unavailable):
    """A call of the API before the site has been set up in a browser."""

    code = "not_set_up"

    def __init__(self) -> None:
        super().__init__(_("This site is not set up yet. Its administrator does that in a browser, at /setup."))
        self.members = {"title": _("Not set up yet")}


def init_app(
    app: Flask,
    load_actor: Callable[[str], Actor | None],
    identify: Callable[[], None],
    read_credentials: Callable[[str], Actor],
) -> None:
    """Register the request hooks of `app`.

    `load_actor` returns the actor of a session's token; `identify` creates a guest account for an anonymous
    caller; `read_credentials` returns the actor that the header `Authorization` of an API call
    or of a request for a picture identifies, or raises.
    """
    app.url_map.converters["int"] = IdConverter
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None
    manager.anonymous_user = lambda: VISITOR
    # The header `Authorization` takes precedence over the cookie: see `_read_credentials`.
    manager.user_loader(lambda token: None if "actor" in g else load_actor(token))
    manager.request_loader(lambda _request: g.get("actor"))
    manager.unauthorized_handler(_redirect_to_login)
    user_logged_in.connect(set_actor_on_login, app)
    user_logged_out.connect(set_actor_on_logout, app)
    app.extensions["identify"], app.extensions["read_credentials"] = identify, read_credentials
    app.before_request(_start_request)
    csrf.init_app(app)  # after `_start_request`: its error messages need the locale
    app.after_request(_finish_request)


def _start_request() -> BaseResponse | None:
    start_log_context()
    if request.endpoint in BARE_ENDPOINTS:
        g.actor = VISITOR
        set_locale("en", "UTC")
        return None
    has_credentials = request.path.startswith(FOR_PROGRAMS) and "Authorization" in request.headers
    credential_error = _read_credentials() if has_credentials else None
    if credential_error is not None and credential_error.status == Unauthenticated.status:
        log_refusal("credentials_refused", credential_error.status)
    actor = current_actor()
    _record_actor(actor)
    site_ = site()
    set_locale(
        choose_locale(
            request.cookies.get(LOCALE_COOKIE),
            request.headers.get("Accept-Language"),
            site_.locale or setting("DEFAULT_LOCALE"),
            saved=actor.locale,
            is_program=has_credentials,
            offered=offered_locales(),
        ),
        actor.timezone or setting("DEFAULT_TIMEZONE"),
    )
    g.has_locale = True
    if not site_.is_set_up and request.path.startswith(API):
        raise NotSetUp
    refuse_writes_in_maintenance()
    if credential_error is not None:
        raise credential_error
    if seconds := request.environ.get(REFUSED):
        raise rate_limited(seconds)
    if "\0" in request.path:
        raise NotFound
    if not site_.is_set_up and (request.endpoint or "").rpartition(".")[2] not in OPEN_BEFORE_SETUP:
        return redirect(url_for("admin.setup"))
    refuse_suspended(actor)
    return _redirect_without_slash()


def _record_actor(actor: Actor) -> None:
    """Name the actor in the log, and an account to the server."""
    if actor.has_identity:
        structlog.contextvars.bind_contextvars(actor=actor.id)
    if actor.is_authenticated:  # guests are made in any number
        request.environ[ACCOUNT] = actor.id


def _read_credentials() -> MadangError | None:
    """Set the actor from the header `Authorization`; return the error if it is invalid.

    The caller raises the error once the locale is known.
    """
    g.actor = VISITOR  # also if the header is invalid: the cookie is ignored beside it
    try:
        g.actor = current_app.extensions["read_credentials"](request.headers["Authorization"])
    except MadangError as error:
        return error
    return None


def _redirect_without_slash() -> BaseResponse | None:
    """Redirect a URL with a superfluous trailing slash (301)."""
    path = request.path.rstrip("/")
    if request.routing_exception is None or path == request.path or request.method not in ("GET", "HEAD"):
        return None
    if safe_path(path) is None or not current_app.url_map.bind("").test(path, "GET"):
        return None
    query = request.query_string.decode()
    return redirect(quote(path) + (f"?{query}" if query else ""), 301)


def _finish_request(response: Response) -> Response:
    response = _end_transaction(response)
    if response.mimetype == "text/html" and not response.direct_passthrough:
        fill_placeholders(response)
    if is_cacheable_for_visitors(response):
        response.headers[CACHEABLE_HEADER] = f"{request.endpoint} {route()}"
    if current_actor().has_identity and response.cache_control.public:  # it may carry the session's renewed cookie
        response.cache_control.public, response.cache_control.private = False, True
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _end_transaction(response: Response) -> Response:
    """Commit or roll back. Where the database or the disk fails to commit, return the answer that says so."""
    if response.status_code >= 400:
        if "failed" not in g:
            rollback()
        return response
    try:
        commit()
    except (SQLAlchemyError, OSError) as error:
        failure = failure_in(error)
        if failure is None:
            raise
        return show_failure(error, failure)
    return response


def _redirect_to_login() -> BaseResponse:
    if is_htmx():
        response = Response(status=204)
        response.headers["HX-Redirect"] = url_for("accounts.login", next=path_after_login())
        return response
    flash(_("Please log in to continue."), "info")
    return redirect(url_for("accounts.login", next=path_after_login()))
