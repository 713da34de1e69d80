"""The Flask application class: refuses malformed hosts, and retries requests that a deadlock rolled back."""

import re
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from io import BytesIO
from random import random
from time import sleep
from typing import IO, TypeVar
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIEnvironment

import flask
from flask import request
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.middleware.proxy_fix import ProxyFix

from madang.core.db import is_deadlock, rollback
from madang.core.signing import SteadySigner

from .constants import AUTHENTICATION
from .static_files import send_static

MAX_SMALL_FORM_BYTES = 64 * 1024
URLENCODED = "application/x-www-form-urlencoded"
T = TypeVar("T")
ParsedForm = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]
SAFE_IN_QUERY = "!$%&'()*+,/:;=?@[]~"
MAX_TRIES = 5
FIRST_WAIT_SECONDS = 0.02
# A host name, an IPv4 address or an IPv6 address in brackets, and perhaps a port (RFC 9110, section 7.2).
HOST = re.compile(
    r"(?:[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?"
)
MAX_HOST, MAX_PORT = 255, 65535


class FormParser(FormDataParser):
    """Bounds a urlencoded form before it is parsed, as Werkzeug bounds one of several parts.

    Millions of empty fields would take seconds.
    """

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> ParsedForm:
        if mimetype == URLENCODED:
            body = stream.read()  # all of it: a second try finds nothing
            if _exceeds(len(body), self.max_form_memory_size) or _exceeds(body.count(b"&") + 1, self.max_form_parts):
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        try:
            return super().parse(stream, mimetype, content_length, options)
        except RequestEntityTooLarge:
            stream.read()  # so that the page of the error finds no form, instead of the same error
            raise


def _exceeds(number: int, limit: int | None) -> bool:
    return limit is not None and number > limit


class Request(flask.Request):
    """A request whose query string is ASCII: other bytes, which some clients send unquoted, are quoted.

    Forms that anybody may send have a lower limit than those with long texts.
    """

    form_data_parser_class = FormParser

    def __init__(self, environ: WSGIEnvironment, populate_request: bool = True, shallow: bool = False) -> None:
        if query := environ.get("QUERY_STRING"):
            environ["QUERY_STRING"] = quote(query.encode("latin-1"), safe=SAFE_IN_QUERY)
        super().__init__(environ, populate_request, shallow)
        if self.path.startswith(AUTHENTICATION):
            self.max_form_memory_size = MAX_SMALL_FORM_BYTES


class SessionInterface(SecureCookieSessionInterface):
    """Flask's sessions with one serializer for all requests: creating one takes as long as a query."""

    def __init__(self) -> None:
        self._serializers: dict[Hashable, URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: flask.Flask) -> URLSafeTimedSerializer | None:
        keys = (app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ()))
        if keys not in self._serializers:
            serializer = self._serializers[keys] = super().get_signing_serializer(app)
            if serializer is not None:
                serializer.signer = SteadySigner
        return self._serializers[keys]


class Application(flask.Flask):
    """Flask, which refuses malformed hosts and retries requests whose transaction a deadlock rolled back."""

    request_class = Request
    session_interface = SessionInterface()

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; one whose Host is malformed with 400, before anything is made of it."""
        if is_host(environ.get("HTTP_HOST", "localhost")):
            return super().wsgi_app(environ, start_response)
        refusal = flask.Response("Bad request: this Host is not the name of a site.\n", 400, mimetype="text/plain")
        return refusal(environ, start_response)

    def send_static_file(self, filename: str) -> flask.Response:
        """Send a file of the static folder, compressed where the build has done so. Raises `NotFound`."""
        return send_static(self.static_folder or "", filename)

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Run what comes before the view, again after a deadlock: a guest may be created there."""
        return _again_after_deadlocks(super().preprocess_request)

    def dispatch_request(self) -> ResponseReturnValue:
        """Dispatch the request, again after a deadlock (frequent on MySQL), which rolls back one of two writers."""
        return _again_after_deadlocks(super().dispatch_request)


def _again_after_deadlocks(step: Callable[[], T]) -> T:
    for attempt in range(1, MAX_TRIES):
        try:
            return step()
        except OperationalError as error:
            if not is_deadlock(error):
                raise
            rollback()
            _rewind_files()
            sleep(random() * attempt * FIRST_WAIT_SECONDS)
    return step()


@lru_cache(maxsize=1024)
def is_host(host: str) -> bool:
    """Whether the value of the header Host can be the name of a site."""
    match = HOST.fullmatch(host)
    if match is None or len(host) > MAX_HOST or int(match["port"] or 0) > MAX_PORT:
        return False
    try:
        host.encode("ascii").decode("idna")  # Werkzeug does so: xn--... must be a name
    except UnicodeError:
        return False
    return True


def _rewind_files() -> None:
    """Seek the uploaded files to their beginning, so that the next try can read them."""
    for _name, files in request.files.lists():
        for file in files:
            file.seek(0)


def trust_proxies(app: flask.Flask, hops: int) -> None:
    """Take the client's address, scheme and host from the X-Forwarded headers of the nearest `hops` proxies."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
