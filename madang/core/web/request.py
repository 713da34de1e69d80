"""The edge of every request: who asks, in which language, and how it ends.

A request is one transaction: it is committed when the answer is a success and rolled back when it is not.
"""

from collections.abc import Callable
from urllib.parse import quote

from flask import Flask, Response, current_app, flash, g, redirect, request, url_for
from flask_login import LoginManager, user_logged_in, user_logged_out
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response as AnyResponse

from madang.core.actor import VISITOR, Actor
from madang.core.db import commit, rollback
from madang.core.errors import MadangError, NotFound
from madang.core.i18n import _, choose_locale, set_locale
from madang.core.site import site

from .actor import _note_log_in, _note_log_out, current_actor
from .caching import CACHEABLE, is_for_all
from .constants import API, LOCALE_COOKIE, is_htmx
from .csrf import csrf
from .fragment_cache import fill_places
from .ids import IdConverter
from .suspension import refuse_suspended
from .urls import safe_path, way_back

OPEN_BEFORE_SETUP = ("static", "setup", "setup_site", "health", "ready_health", "language")


def init_app(
    app: Flask,
    load_actor: Callable[[str], Actor | None],
    identify: Callable[[], None],
    read_credentials: Callable[[str], Actor],
) -> None:
    """Give `app` the edge.

    `load_actor` finds who a session's token belongs to; `identify` makes a guest of whoever asks and is nobody yet;
    `read_credentials` finds whom the header `Authorization` of a call to the API names, or raises what is wrong.
    """
    app.url_map.converters["int"] = IdConverter
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None
    manager.anonymous_user = lambda: VISITOR
    # Where the caller has shown credentials, the cookie does not count beside them: see `_read_credentials`.
    manager.user_loader(lambda token: None if "actor" in g else load_actor(token))
    manager.request_loader(lambda _request: g.get("actor"))
    manager.unauthorized_handler(_ask_to_log_in)
    user_logged_in.connect(_note_log_in, app)
    user_logged_out.connect(_note_log_out, app)
    app.extensions["identify"], app.extensions["read_credentials"] = identify, read_credentials
    app.before_request(_begin)
    csrf.init_app(app)  # after the beginning: a refusal too is said in the reader's language
    app.before_request(_refuse_suspended)
    app.after_request(_end)


def _begin() -> AnyResponse | None:
    refused = _read_credentials() if request.path.startswith(API) and "Authorization" in request.headers else None
    actor = current_actor()
    site_ = site()
    set_locale(
        choose_locale(
            request.cookies.get(LOCALE_COOKIE),
            request.headers.get("Accept-Language"),
            site_.locale or current_app.config["DEFAULT_LOCALE"],
            saved=actor.locale,
        ),
        actor.timezone or current_app.config["DEFAULT_TIMEZONE"],
    )
    if refused is not None:
        raise refused
    if "\0" in request.path:
        raise NotFound
    if not site_.is_set_up and request.path.startswith(API):
        raise ServiceUnavailable
    if not site_.is_set_up and (request.endpoint or "").rpartition(".")[2] not in OPEN_BEFORE_SETUP:
        return redirect(url_for("admin.setup"))
    return _without_slash()


def _refuse_suspended() -> None:
    refuse_suspended(current_actor())


def _read_credentials() -> MadangError | None:
    """Let whoever the header names be the one who asks; what is wrong with it, if anything is."""
    g.actor = VISITOR  # whatever becomes of it: the cookie does not count beside it
    try:
        g.actor = current_app.extensions["read_credentials"](request.headers["Authorization"])
    except MadangError as error:
        return error
    return None


def _without_slash() -> AnyResponse | None:
    """An address with a slash too many leads to the one that was meant."""
    path = request.path.rstrip("/")
    if request.routing_exception is None or path == request.path or request.method not in ("GET", "HEAD"):
        return None
    if safe_path(path) is None or not current_app.url_map.bind("").test(path, "GET"):
        return None
    query = request.query_string.decode()
    return redirect(quote(path) + (f"?{query}" if query else ""), 301)


def _end(response: Response) -> Response:
    if response.status_code < 400:
        commit()
    else:
        rollback()
    if response.mimetype == "text/html" and not response.direct_passthrough:
        fill_places(response)
    if is_for_all(response):
        response.headers[CACHEABLE] = "1"
    if current_actor().has_identity and response.cache_control.public:  # it may carry the session's renewed cookie
        response.cache_control.public, response.cache_control.private = False, True
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _ask_to_log_in() -> AnyResponse:
    if is_htmx():
        answer = Response(status=204)
        answer.headers["HX-Redirect"] = url_for("accounts.login", next=way_back())
        return answer
    flash(_("Please log in to continue."), "info")
    return redirect(url_for("accounts.login", next=way_back()))
