"""The metrics and the lines of the log of requests that the page cache answers, which never reach Flask."""

import logging
from time import perf_counter

from flask import Flask

from madang.core import instruments
from madang.core.logs import REQUESTS
from madang.core.web.request_id import REQUEST_ID, id_of_caller
from madang.core.web.request_log import client_hash, log_cached_request

from .asgi import Scope
from .clients import address_of

HEADER = REQUEST_ID.lower().encode()


class CachedRequests:
    """Counts and logs the cached answers of one site."""

    def __init__(self, app: Flask) -> None:
        self._key: str = app.config["SECRET_KEY"]
        self._proxies: int = app.config["TRUSTED_PROXIES"]
        self._log = logging.getLogger(REQUESTS)

    def record(self, scope: Scope, endpoint_and_rule: str, status: int, started_at: float) -> None:
        """Record an answer; `started_at` is the `perf_counter()` of the request's arrival."""
        endpoint, _space, rule = endpoint_and_rule.partition(" ")
        instruments.count_cached_request(endpoint, status)
        if not self._log.isEnabledFor(logging.INFO):
            return
        sent = next((value for name, value in scope["headers"] if name == HEADER), b"")
        log_cached_request(
            method=scope["method"],
            rule=rule,
            status=status,
            duration=perf_counter() - started_at,
            identifier=id_of_caller(sent.decode("latin-1")),
            client=client_hash(self._key, address_of(scope, self._proxies)),
        )
