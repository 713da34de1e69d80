"""Prometheus metrics at /metrics: the instruments of all web processes, and what the database says about the site."""

import hmac
import logging
import re
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import Connection, select

from .clock import now
from .db.probing import probe_engine
from .health.bounded import BoundedCall
from .instruments import measure_process, shared_folder
from .mail_outcomes import mails_of_last_day
from .queue.state import queue_state
from .site import SiteSetting, moment_of

# What a program that asks by itself sends. Of what proxies add no list is complete (`Client-IP`, `X-Azure-ClientIP`).
DIRECT_HEADERS = frozenset(
    {"accept", "accept-charset", "accept-encoding", "accept-language", "authorization", "cache-control", "connection"}
    | {"content-length", "content-type", "cookie", "dnt", "host", "if-modified-since", "if-none-match", "keep-alive"}
    | {"pragma", "priority", "range", "referer", "te", "upgrade-insecure-requests", "user-agent"}
    | {"traceparent", "tracestate", "x-prometheus-scrape-timeout-seconds"}
)
DIRECT_PREFIXES = ("sec-",)  # of browsers: Sec-Fetch-Mode
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
DATABASE_SECONDS = 2.0
Families = list[GaugeMetricFamily]
bp = Blueprint("metrics", __name__)
log = logging.getLogger("madang.metrics")


class SiteCollector:
    """The values that all processes share, read from the database and the disk at each scrape."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._read = BoundedCall(self._read_database, name="metrics")

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The families of metrics. Those of the database are missing, and its own is 0, while it does not answer."""
        yield _gauge("madang_build_info", "The version that runs.", {"version": version("madang")}, 1)
        yield _disk(self._app)
        try:
            families = self._read.result(DATABASE_SECONDS)
        except Exception as error:
            log.warning("metrics_without_database", extra={"fields": {"error": type(error).__name__}})
            families = []
        yield _gauge("madang_database_up", "Whether the database answers.", {}, 1 if families else 0)
        yield from families

    def _read_database(self) -> Families:
        with self._app.app_context():
            engine = probe_engine(self._app.config["DATABASE_URL"])
        with engine.connect() as connection:
            return [*_queue(connection), _mails(connection), *_backup(connection)]


def _gauge(name: str, meaning: str, labels: dict[str, str], value: float) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=list(labels))
    family.add_metric(list(labels.values()), value)
    return family


def _disk(app: Flask) -> GaugeMetricFamily:
    family = GaugeMetricFamily("madang_disk_free_bytes", "Free space of the disk of a folder.", labels=["folder"])
    folders = {"instance": app.config["INSTANCE"], "files": app.config["UPLOAD_FOLDER"]}
    for name, folder in folders.items():
        if Path(folder).is_dir():
            family.add_metric([name], shutil.disk_usage(folder).free)
    return family


def _queue(connection: Connection) -> Iterator[GaugeMetricFamily]:
    moment = now()
    state = queue_state(connection, moment)
    jobs = GaugeMetricFamily("madang_jobs", "Jobs that wait, run, or have failed.", labels=["state"])
    for name, count in state.counts.items():
        jobs.add_metric([name], count)
    yield jobs
    age = state.oldest_age(moment)
    yield _gauge("madang_oldest_job_seconds", "How long the oldest waiting job has been due.", {}, age)
    alive = len(state.alive_workers(moment))
    yield _gauge("madang_workers", "Workers that were seen within the last minute.", {}, alive)
    seen = GaugeMetricFamily("madang_worker_seen_seconds", "How long ago a worker was last seen.", labels=["worker"])
    for worker in state.workers:
        seen.add_metric([worker.label], max(0.0, (moment - worker.seen_at).total_seconds()))
    yield seen


def _mails(connection: Connection) -> GaugeMetricFamily:
    family = GaugeMetricFamily("madang_mails_last_day", "Mails of the last 24 hours by outcome.", labels=["outcome"])
    for outcome, count in mails_of_last_day(connection).items():
        family.add_metric([outcome], count)
    return family


def _backup(connection: Connection) -> Iterator[GaugeMetricFamily]:
    made_at = moment_of(connection.scalar(select(SiteSetting.value).where(SiteSetting.name == "backed_up_at")))
    if made_at is not None:
        age = (now() - made_at).total_seconds()
        yield _gauge("madang_backup_age_seconds", "How long ago the last backup was made.", {}, age)


def init_app(app: Flask) -> None:
    """Prepare the collector of `app`."""
    app.extensions["site_metrics"] = SiteCollector(app)


@bp.get("/metrics", endpoint="health")
def metrics() -> Response:
    """The metrics, for holders of the token; if none is configured, for programs on this machine only.

    A request that a proxy forwarded comes from this machine too, but has other headers than one that a program on it
    makes, or asks for another host than this machine.
    """
    if not _may_read():
        abort(404)
    measure_process()
    site = CollectorRegistry(auto_describe=False)
    site.register(current_app.extensions["site_metrics"])
    return Response(generate_latest(_instruments()) + generate_latest(site), content_type=CONTENT_TYPE_LATEST)


def _instruments() -> CollectorRegistry:
    """The instruments of all web processes; of this one if there is only one."""
    if not shared_folder():
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


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
