"""The Flask application: requests that are repeated when their transaction lost a deadlock."""

from random import random
from time import sleep
from typing import Any
from urllib.parse import quote

from flask import Flask, request
from flask import Request as FlaskRequest
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import OperationalError
from werkzeug.middleware.proxy_fix import ProxyFix

from madang.core.db import is_deadlock, rollback

IN_QUERIES = "!$%&'()*+,/:;=?@[]~"
TRIES = 5
FIRST_WAIT_SECONDS = 0.02


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
                rollback()
                _rewind_files()
                sleep(random() * attempt * FIRST_WAIT_SECONDS)
        return super().dispatch_request()


def _rewind_files() -> None:
    """What came along with the request can be read once more."""
    for _name, files in request.files.lists():
        for file in files:
            file.seek(0)


def trust_proxies(app: Flask, hops: int) -> None:
    """Believe what the nearest `hops` proxies say about who asks, and for which address."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
