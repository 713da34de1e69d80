"""The edge of every request: who asks, in which language, and how it ends.

A request is one transaction: it is committed when the answer is a success and rolled back when it is not.
"""

import re
from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address, ip_network
from random import random
from time import sleep
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, flash, g, redirect, request, session, url_for
from flask import Request as FlaskRequest
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, user_logged_in, user_logged_out
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response as AnyResponse

from . import db as database
from .actor import VISITOR, Actor
from .db import is_deadlock
from .errors import MadangError, NotFound
from .fragments import fill_places
from .i18n import _, choose_locale, speak
from .ratelimit import check_rate
from .site import site
from .suspension import refuse_suspended

LARGEST_ID = 2**63 - 1
IN_QUERIES = "!$%&'()*+,/:;=?@[]~"
LOCALE_COOKIE = "locale"
THEME_COOKIE = "theme"
TRIES = 5
FIRST_WAIT_SECONDS = 0.02
THIS_MACHINE = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?")
CACHEABLE = "X-Madang-Cacheable"
VIEWED = "X-Madang-Viewed"
OPEN_BEFORE_SETUP = ("static", "setup", "setup_site", "health", "ready_health", "language")

P = ParamSpec("P")
R = TypeVar("R")

API = "/api/"


class Csrf(CSRFProtect):
    """Forms carry a token, and so does what comes with the browser's session; other callers show who they are."""

    def protect(self, **options: Any) -> None:
        if not request.path.startswith(API) or comes_with_session():
            super().protect(**options)


csrf = Csrf()


def comes_with_session() -> bool:
    """Whether the browser's cookie says who asks, and not something that the caller has sent on purpose."""
    return "credential" not in g and current_actor().has_identity


class Request(FlaskRequest):
    """A request whose query is ASCII: some send other bytes as they are, which no address may hold."""

    def __init__(self, environ: dict[str, Any], *args: Any, **options: Any) -> None:
        if query := environ.get("QUERY_STRING"):
            environ["QUERY_STRING"] = quote(query.encode("latin-1"), safe=IN_QUERIES)
        super().__init__(environ, *args, **options)


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions, with one serializer for all requests: making one takes as long as a query."""

    def __init__(self) -> None:
        self._serializers: dict[Any, URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        keys = (app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ()))
        if keys not in self._serializers:
            self._serializers[keys] = super().get_signing_serializer(app)
        return self._serializers[keys]


class Application(Flask):
    """Flask, with requests that are done again when their transaction was given up for another's."""

    request_class = Request
    session_interface = Sessions()

    def dispatch_request(self) -> ResponseReturnValue:
        """Two writers may wait for each other, on MySQL easily: one of them is rolled back and begins anew."""
        for attempt in range(1, TRIES):
            try:
                return super().dispatch_request()
            except OperationalError as error:
                if not is_deadlock(error):
                    raise
                database.rollback()
                _rewind_files()
                sleep(random() * attempt * FIRST_WAIT_SECONDS)
        return super().dispatch_request()


def _rewind_files() -> None:
    """What came along with the request can be read once more."""
    for _name, files in request.files.lists():
        for file in files:
            file.seek(0)


def _digits_up_to(largest: int) -> str:
    """A regular expression for the numbers from 0 to `largest`, in as many digits as it has or fewer."""
    digits = str(largest)
    ways = [f"[0-9]{{1,{len(digits) - 1}}}", digits]
    for place, digit in enumerate(digits):
        if digit != "0":
            ways.append(f"{digits[:place]}[0-{int(digit) - 1}][0-9]{{{len(digits) - place - 1}}}")
    return f"(?:{'|'.join(ways)})"


class IdConverter(IntegerConverter):
    """A whole number that fits the database's; a larger one is an address that does not exist.

    The expression knows the largest: werkzeug reads the number only after it has looked at the methods, and would
    answer 405 where there is nothing for any of them.
    """

    regex = _digits_up_to(LARGEST_ID)

    def __init__(self, map: Any, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST_ID, **options})


def parse_id(written: str) -> int:
    """The id that a form names. Raises `NotFound` for what can be none."""
    if not re.fullmatch(r"[0-9]{1,19}", written) or int(written) > LARGEST_ID:
        raise NotFound
    return int(written)


def current_actor() -> Actor:
    """Who asks in this request."""
    actor: Actor | None = g.get("actor")  # asked ten times a request, and Flask-Login's proxy is slow
    if actor is None:
        actor = g.actor = current_user._get_current_object()
    return actor


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


def _note_log_in(_app: Flask, user: Actor) -> None:
    g.actor = user


def _note_log_out(_app: Flask, user: Actor) -> None:
    g.actor = VISITOR


def trust_proxies(app: Flask, hops: int) -> None:
    """Believe what the nearest `hops` proxies say about who asks, and for which address."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _begin() -> AnyResponse | None:
    refused = _read_credentials() if request.path.startswith(API) and "Authorization" in request.headers else None
    actor = current_actor()
    site_ = site()
    speak(
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
        database.commit()
    else:
        database.rollback()
    if response.mimetype == "text/html" and not response.direct_passthrough:
        fill_places(response)
    if is_for_all(response):
        response.headers[CACHEABLE] = "1"
    if current_actor().has_identity and response.cache_control.public:  # it may carry the session's renewed cookie
        response.cache_control.public, response.cache_control.private = False, True
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def is_for_all(response: Response) -> bool:
    """Whether this answer may be kept for every visitor."""
    is_cacheable = getattr(g, "is_cacheable", False) and response.status_code == 200
    return is_cacheable and not current_actor().has_identity and not session


def mark_cacheable() -> None:
    """Let this answer be kept for a second if a visitor asked: it is the same for all of them."""
    g.is_cacheable = True


def identity_required(view: Callable[P, R]) -> Callable[P, R]:
    """Let whoever has no account come to `view` as a guest; the answer then brings the session's cookie."""

    @wraps(view)
    def identified(*args: P.args, **values: P.kwargs) -> R:
        current_app.extensions["identify"]()
        settle()  # the cookie names somebody
        return view(*args, **values)

    identified.makes_guests = True  # type: ignore[attr-defined]
    return identified


def settle() -> None:
    """Commit what has been written so far: it stays, whatever becomes of the rest of the request."""
    database.commit()


def _ask_to_log_in() -> AnyResponse:
    if is_htmx():
        answer = Response(status=204)
        answer.headers["HX-Redirect"] = url_for("accounts.login", next=way_back())
        return answer
    flash(_("Please log in to continue."), "info")
    return redirect(url_for("accounts.login", next=way_back()))


def way_back() -> str:
    """Where somebody returns after a detour: to this page, or for a form to the page that held it."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:
        return "/"
    return safe_path(came_from._replace(scheme="", netloc="").geturl()) or "/"


def safe_path(target: str | None) -> str | None:
    """`target` if it is a path on this site, else None. Browsers read backslashes as slashes and skip controls."""
    if not target or not re.fullmatch(r"/(?![/\\])[^\x00-\x20\\]*", target):
        return None
    return target


def is_htmx() -> bool:
    """Whether a script on the page asks and wants a piece of it."""
    return request.headers.get("HX-Request") == "true"


def limit_rate(name: str, *, by_address: bool = False) -> None:
    """Count one use of the setting `<NAME>_LIMIT` by this account, or by this address for visitors and guests.

    `by_address` counts for the address whoever is logged in there: what makes or opens an account would else begin a
    new count each time.
    """
    actor = current_actor()
    who = actor.id if actor.is_authenticated and not by_address else None
    check_rate(current_app.config[f"{name.upper()}_LIMIT"], name, who or network_of(request.remote_addr or ""))


def network_of(address: str) -> str:
    """What one household has: an IPv4 address, or the 64 bits that all its IPv6 addresses begin with."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(parsed.ipv4_mapped or ip_network((int(parsed) >> 64 << 64, 64)))


def absolute(path: str) -> str:
    """The full address of a path on this site, in a request."""
    return (current_app.config["SITE_URL"] or request.host_url).rstrip("/") + path


def external_url(endpoint: str, **values: Any) -> str:
    """The full address of a page, also outside a request (mails)."""
    base = current_app.config["SITE_URL"] or (request and request.host_url) or "http://127.0.0.1:5000"
    parts = urlsplit(base)
    adapter = current_app.url_map.bind(parts.netloc, parts.path or "/", url_scheme=parts.scheme)
    return adapter.build(endpoint, values, force_external=True)


def host_of_request() -> str:
    """The host that a mail's links should name instead of the default: that of a trial on the reader's own machine.

    Any other host comes from the SITE_URL alone; a request's Host header is a stranger's claim.
    """
    if current_app.config["SITE_URL"] or not request:
        return ""
    return request.host if THIS_MACHINE.fullmatch(request.host) else ""


def mail_url(endpoint: str, host: str, **values: Any) -> str:
    """The full address of a page for a mail; `host` is what `host_of_request` said when the mail was asked for."""
    parts = urlsplit(external_url(endpoint, **values))
    return parts._replace(netloc=host or parts.netloc).geturl()
