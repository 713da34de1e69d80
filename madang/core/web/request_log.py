"""One line of the log for each request, and its metrics: route, status, time, statements, actor, client.

The line names the rule of the endpoint ("/posts/<int:post_id>") and never the path, which may hold tokens, and the
client by a keyed hash of its address: the same client has the same one, and nobody without the key finds the address.
"""

import logging
from functools import lru_cache
from time import perf_counter

import structlog
from flask import Flask, Response, current_app, g, request

from madang.core import instruments
from madang.core.db.statement_count import statement_count
from madang.core.keyed_hash import hash_with_key
from madang.core.logs import write_fields

from .constants import STARTED
from .request_id import request_id

NO_ROUTE = "none"
log = logging.getLogger("madang.request")
security_log = logging.getLogger("madang.security")
REFUSALS = {403: "refused", 429: "rate_limited"}


def init_app(app: Flask) -> None:
    """Measure and log the requests of `app`. Called first: its function runs after all others."""
    app.before_request(_start)
    app.after_request(_record)


def route() -> str:
    """The rule of the request's endpoint; "none" for an address without one."""
    return request.url_rule.rule if request.url_rule is not None else NO_ROUTE


def _start() -> None:
    g.started = request.environ.get(STARTED) or perf_counter()
    g.statements = statement_count()


def _record(response: Response) -> Response:
    if "started" not in g:
        _start()
    duration, queries = perf_counter() - g.started, statement_count() - g.statements
    instruments.count_request(request.endpoint or NO_ROUTE, response.status_code, duration, queries)
    if event := REFUSALS.get(response.status_code):
        log_refusal(event, response.status_code)
    if log.isEnabledFor(logging.INFO):
        line = _line(request_id(), request.method, route(), response.status_code, duration)
        actor = structlog.contextvars.get_contextvars().get("actor")
        line |= {"queries": queries, "actor": actor, "client": _client(), "cached": False}
        write_fields(log, "request", line)
    return response


def _line(identifier: str, method: str, rule: str, status: int, duration: float) -> dict[str, object]:
    milliseconds = round(1000 * duration, 1)
    return {"request_id": identifier, "method": method, "route": rule, "status": status, "ms": milliseconds}


def log_cached_request(*, method: str, rule: str, status: int, duration: float, identifier: str, client: str) -> None:
    """Write the line of a request that the page cache answered, from a client by its `client_hash`."""
    line = _line(identifier, method, rule, status, duration)
    write_fields(log, "request", {**line, "queries": 0, "actor": None, "client": client, "cached": True})


def log_refusal(event: str, status: int) -> None:
    """Write a line about a refused request; `event` is one of the names in docs/operations/monitoring.md, Logs."""
    security_log.warning(
        event, extra={"fields": {"method": request.method, "route": route(), "status": status, "client": _client()}}
    )


def log_log_in(account_id: int) -> None:
    """Write a line about an account that was logged in, by whichever route: password, link, new account, HTTP Basic."""
    fields = {"method": request.method, "route": route(), "account": account_id, "client": _client()}
    security_log.info("logged_in", extra={"fields": fields})


def _client() -> str:
    return client_hash(current_app.config["SECRET_KEY"], request.remote_addr or "")


@lru_cache(maxsize=4096)
def client_hash(key: str, address: str) -> str:
    """The keyed hash of a client's address; `key` is the site's secret key."""
    return hash_with_key(key, "client in the log", address)[:16]
