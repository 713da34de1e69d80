"""The threads that do jobs: one takes and does them, another keeps the lease and writes down how far they are."""

import logging
import threading
from itertools import count
from time import monotonic

from flask import Flask
from sqlalchemy.exc import OperationalError

from madang.core.clock import now
from madang.core.db import is_contention, transaction

from .context import Claim, JobContext, write_progress
from .processes import worker_name
from .rq_transport import wake
from .running import LEASE, claim, release_dead, run
from .schedules import ask_for_due

HEARTBEAT_SECONDS = 5.0
PROGRESS_SECONDS = 0.5
POLL_SECONDS = 1.0
HOUSEKEEPING_SECONDS = 5.0
log = logging.getLogger("madang.jobs")
_numbers = count(1)


class Worker:
    """Runs jobs until told to stop."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.name = ""
        self._stopped = threading.Event()
        self._present: JobContext | None = None
        self._beaten_at = 0.0
        self._kept_house_at = float("-inf")
        self._working = threading.Thread(target=self._work, name="jobs", daemon=True)
        self._keeping = threading.Thread(target=self._keep, name="jobs-lease", daemon=True)

    def start(self) -> None:
        self.name = worker_name(next(_numbers))  # now, not before: a server may have forked meanwhile
        self._working.start()
        self._keeping.start()

    @property
    def is_stopping(self) -> bool:
        return self._stopped.is_set()

    def ask_to_stop(self) -> None:
        """Take no other job from now on."""
        self._stopped.set()
        wake.set()

    def stop(self, timeout: float = 10) -> None:
        """Finish the job under way, take no other."""
        self.ask_to_stop()
        self._working.join(timeout)

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                with self.app.app_context():
                    self.keep_house()
                    self._run_all()
            except Exception:
                log.exception("the worker cannot reach its jobs; it tries again")
                self._stopped.wait(POLL_SECONDS * 5)
            self._wait()

    def _wait(self) -> None:
        wake.wait(POLL_SECONDS)
        wake.clear()

    def keep_house(self) -> None:
        """Put back what dead workers held, and ask for what the clock says; every few seconds, and at the start."""
        if monotonic() - self._kept_house_at < HOUSEKEEPING_SECONDS:
            return
        self._kept_house_at = monotonic()
        release_dead()
        ask_for_due(now())

    def _run_all(self) -> None:
        while not self._stopped.is_set() and (claimed := claim(self.name)):
            self.do(claimed)
            self.keep_house()

    def do(self, claimed: Claim) -> None:
        """Run a claimed job, with its lease kept meanwhile."""
        present = JobContext(claimed)
        self._beaten_at = monotonic()
        self._present = present
        try:
            run(claimed, present)
        finally:
            self._present = None

    def _keep(self) -> None:
        while self._working.is_alive():
            self._stopped.wait(PROGRESS_SECONDS) if not self._stopped.is_set() else self._working.join(PROGRESS_SECONDS)
            present = self._present
            if present is None or present.is_lost:
                continue
            if present.percent != present.written or monotonic() - self._beaten_at >= HEARTBEAT_SECONDS:
                self._write_down(present)

    def _write_down(self, present: JobContext) -> None:
        """Keep the lease, and write how far the job is. While the job itself writes, SQLite makes this wait."""
        try:
            with self.app.app_context(), transaction():
                write_progress(present, lease_until=now() + LEASE)
            self._beaten_at = monotonic()
        except Exception as error:
            if not (isinstance(error, OperationalError) and is_contention(error)):
                log.exception("the lease of job %s could not be renewed", present.claim.id)
