"""A worker that RQ brings numbers to. It looks into the table too, for what Redis has lost."""

import logging
import threading
from typing import Any

from flask import Flask
from redis import Redis, RedisError
from redis.exceptions import ConnectionError as Unreachable
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.timeouts import TimerDeathPenalty

from madang.core.lookout import lookout

from .carrier import Carrier
from .running import claim
from .worker import POLL_SECONDS, Worker

LISTEN_SECONDS = 3
ANSWER_SECONDS = LISTEN_SECONDS + 2
KEPT_SECONDS = 60
log = logging.getLogger("madang.jobs")
_here = threading.local()


def perform(job_id: int) -> None:
    """What RQ calls: take the job of this number, unless somebody has it, and do it."""
    worker: CarriedWorker = _here.worker
    if worker.is_stopping:
        return
    with worker.app.app_context():
        worker.keep_house()
        if claimed := claim(worker.name, job_id):
            worker.do(claimed)


class Listener(SimpleWorker):
    """RQ's worker, made to live in a thread: no signals, no other process, no log of its own."""

    death_penalty_class = TimerDeathPenalty  # the other kind is a signal
    dequeue_timeout = LISTEN_SECONDS
    connection_timeout = ANSWER_SECONDS
    is_away = False

    def listen(self, seconds: int) -> None:
        """Do what comes, until nothing has come for `seconds`. Raises `RedisError` when Redis goes away."""
        self.work(logging_level="CRITICAL", max_idle_time=seconds)

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Give up where RQ would wait for Redis ever longer, and when the worker ends: the table has the jobs too."""
        try:
            super().heartbeat(timeout, pipeline)
        except (RedisError, OSError):
            self.is_away = True
            raise StopRequested from None
        if pipeline is None and _here.worker.is_stopping:
            raise StopRequested

    def teardown(self) -> None:
        """Say that this worker is no more, to a Redis that hears it."""
        if self.is_away:
            raise Unreachable("Redis went away")
        super().teardown()

    def _install_signal_handlers(self) -> None:
        """Signals belong to the process."""

    def subscribe(self) -> None:
        """Orders from outside are not taken."""

    def procline(self, message: str) -> None:
        """The process keeps its name."""


class CarriedWorker(Worker):
    """Runs what RQ brings, and what is found in the table when it has brought nothing for a while."""

    def __init__(self, app: Flask, carrier: Carrier) -> None:
        super().__init__(app)
        self._carrier = carrier
        self._listener: Listener | None = None

    def _wait(self) -> None:
        _here.worker = self
        try:
            self._listen()
        except (RedisError, OSError) as error:
            self._listener = None
            lookout.note_away(error)
            self._stopped.wait(POLL_SECONDS)
        except Exception:
            self._listener = None
            log.exception("the worker cannot listen to Redis; it looks into the table meanwhile")
            self._stopped.wait(POLL_SECONDS * 5)

    def _listen(self) -> None:
        if self.is_stopping:
            return
        if self._listener is None:
            connection: Redis = self._carrier.connect(ANSWER_SECONDS)
            self._listener = Listener([self._carrier.queue_name], connection=connection, worker_ttl=KEPT_SECONDS)
        self._listener.connection.ping()
        lookout.note_back()
        self._listener.listen(LISTEN_SECONDS)
