"""Prometheus metrics at /metrics: requests by endpoint and status, their duration, and jobs by state."""

import hmac
import os
import re
from time import perf_counter

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import func, select

from .db import db
from .queue import Job

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"  # the library's own variable: the folder of all processes' metrics
# What a program that asks by itself sends. Of what proxies add no list is complete (`Client-IP`, `X-Azure-ClientIP`).
DIRECT_HEADERS = frozenset(
    {"accept", "accept-charset", "accept-encoding", "accept-language", "authorization", "cache-control", "connection"}
    | {"content-length", "content-type", "cookie", "dnt", "host", "if-modified-since", "if-none-match", "keep-alive"}
    | {"pragma", "priority", "range", "referer", "te", "upgrade-insecure-requests", "user-agent"}
    | {"traceparent", "tracestate", "x-prometheus-scrape-timeout-seconds"}
)
DIRECT_PREFIXES = ("sec-",)  # of browsers: Sec-Fetch-Mode
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
bp = Blueprint("metrics", __name__)
requests = Counter("madang_requests_total", "Requests answered.", ["endpoint", "status"])
seconds = Histogram(
    "madang_request_seconds",
    "Time to answer.",
    ["endpoint"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5),
)
jobs = Gauge("madang_jobs", "Jobs by state.", ["state"], multiprocess_mode="mostrecent")


def init_app(app: Flask) -> None:
    """Measure the requests of `app`."""
    app.before_request(_start_timer)
    app.after_request(_record)


def _start_timer() -> None:
    g.started = perf_counter()


def _record(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    requests.labels(endpoint, response.status_code).inc()
    if "started" in g:
        seconds.labels(endpoint).observe(perf_counter() - g.started)
    return response


@bp.get("/metrics", endpoint="health")
def metrics() -> Response:
    """The metrics, for holders of the token; if none is configured, for programs on this machine only.

    A request that a proxy forwarded comes from this machine too, but has other headers than one that a program on it
    makes, or asks for another host than this machine.
    """
    if not _may_read():
        abort(404)
    for state, count in db.rows(select(Job.state, func.count()).group_by(Job.state)):
        jobs.labels(state).set(count)
    registry: CollectorRegistry = REGISTRY
    if os.environ.get(MULTIPROCESS):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read() -> bool:
    if token := current_app.config["METRICS_TOKEN"]:
        authorization = request.headers.get("Authorization", "")
        return hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())
    return request.remote_addr in ("127.0.0.1", "::1") and _is_for_this_machine()


def _is_for_this_machine() -> bool:
    """Whether a request names this machine as its host, and has only headers of a program that asks by itself."""
    names = [name.lower() for name, _value in request.headers]
    is_direct = all(name in DIRECT_HEADERS or name.startswith(DIRECT_PREFIXES) for name in names)
    return is_direct and re.sub(r":\d*$", "", request.host.lower()) in LOOPBACK_HOSTS
