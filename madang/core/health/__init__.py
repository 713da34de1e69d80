"""Health checks for monitoring: /healthz (the process answers) and /readyz (the site can work).

Both answer within a second whatever is down. They open no session of the application, and the server runs them in
threads of their own (`core/server/gateway.py`).
"""

import logging
import threading

from flask import Blueprint, Flask, current_app
from redis import Redis

from ..db.probing import probe_engine
from ..db.upgrade import is_up_to_date
from .bounded import BoundedCall

ANSWER_SECONDS = 0.8
OK, NO_ANSWER, NOT_MIGRATED = "ok", "does not answer", "not migrated"
bp = Blueprint("health", __name__)
log = logging.getLogger("madang.health")


class Readiness:
    """What the site needs, and whether it answers. A change is logged once, without a traceback."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._checks = {"database": BoundedCall(self._check_database, name="ready-database")}
        if url := app.config["REDIS_URL"]:
            redis = Redis.from_url(url, socket_connect_timeout=ANSWER_SECONDS, socket_timeout=ANSWER_SECONDS)
            self._checks["queue"] = BoundedCall(lambda: _ping(redis), name="ready-queue")
        self._lock = threading.Lock()
        self._last: dict[str, str] = dict.fromkeys(self._checks, OK)

    def states(self) -> dict[str, str]:
        """The state of each part: "ok", "does not answer", "not migrated"."""
        states: dict[str, str] = {}
        threads = [threading.Thread(target=self._ask, args=(name, states)) for name in self._checks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._log_changes(states)
        return states

    def _ask(self, name: str, states: dict[str, str]) -> None:
        try:
            states[name] = self._checks[name].result(ANSWER_SECONDS)
        except Exception:
            states[name] = NO_ANSWER

    def _check_database(self) -> str:
        with self._app.app_context():
            engine = probe_engine(self._app.config["DATABASE_URL"])
        with engine.connect() as connection:
            return OK if is_up_to_date(connection) else NOT_MIGRATED

    def _log_changes(self, states: dict[str, str]) -> None:
        with self._lock:
            changes = {name: state for name, state in states.items() if state != self._last.get(name)}
            self._last.update(states)
        for name, state in changes.items():
            event = "ready_again" if state == OK else "not_ready"
            log.warning(event, extra={"fields": {"part": name, "state": state}})


def _ping(redis: Redis) -> str:
    redis.ping()
    return OK


def init_app(app: Flask) -> None:
    """Prepare the checks of `app`."""
    app.extensions["readiness"] = Readiness(app)


@bp.get("/healthz", endpoint="health")
def healthz() -> dict[str, str]:
    """Liveness: the process answers."""
    return {"status": "ok"}


@bp.get("/readyz", endpoint="ready_health")
def readyz() -> tuple[dict[str, str], int]:
    """Readiness: 503 while the database does not answer or lacks a migration.

    Without Redis the site works on, only what is new comes later, so that is told and is no reason for 503: else a
    load balancer would turn an outage of Redis into one of the site.
    """
    states = current_app.extensions["readiness"].states()
    if states["database"] != OK:
        return {"status": "unavailable", **states}, 503
    return {"status": "ok" if set(states.values()) == {OK} else "degraded", **states}, 200
