"""A worker: one thread claims and runs jobs, another renews the lease and writes their progress."""

import logging
import threading
from contextlib import suppress
from itertools import count
from time import monotonic

from flask import Flask
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from madang.core.clock import now
from madang.core.db import is_contention, transaction
from madang.core.db.failures import log_error
from madang.core.mail_outcomes import write_mail_outcomes

from .context import Claim, JobContext, write_progress
from .heartbeats import SEEN_SECONDS, forget_worker, record_worker
from .processes import worker_name
from .rq_transport import wakeup
from .running import LEASE, bring_forward, claim_job, release_orphaned, run_job
from .schedules import enqueue_due

HEARTBEAT_SECONDS = 5.0
PROGRESS_SECONDS = 0.5
POLL_SECONDS = 1.0
HOUSEKEEPING_SECONDS = 5.0
log = logging.getLogger("madang.jobs")
_numbers = count(1)


class Worker:
    """Runs jobs until it is stopped."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.name = ""
        self._stopped = threading.Event()
        self._context: JobContext | None = None
        self._heartbeat_at = 0.0
        self._seen_at = self._housekeeping_at = float("-inf")
        self._started_at = now()
        self._job_thread = threading.Thread(target=self._work, name="jobs", daemon=True)
        self._lease_thread = threading.Thread(target=self._renew_leases, name="jobs-lease", daemon=True)

    def start(self) -> None:
        self.name = worker_name(next(_numbers))  # not in __init__: a server may have forked meanwhile
        self._job_thread.start()
        self._lease_thread.start()

    @property
    def is_stopping(self) -> bool:
        return self._stopped.is_set()

    def request_stop(self) -> None:
        """Claim no other job from now on."""
        self._stopped.set()
        wakeup.set()

    def stop(self, timeout: float = 10) -> None:
        """Claim no other job, and wait for the current one to end."""
        self.request_stop()
        self._job_thread.join(timeout)
        with suppress(SQLAlchemyError), self.app.app_context():
            forget_worker(self.name)
            write_mail_outcomes()

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                with self.app.app_context():
                    self._housekeep()
                    self._run_all()
            except Exception as error:
                log_error(log, "the worker cannot reach its jobs; it tries again", error)
                self._stopped.wait(POLL_SECONDS * 5)
            self._wait()

    def _wait(self) -> None:
        wakeup.wait(POLL_SECONDS)
        wakeup.clear()

    def _housekeep(self) -> None:
        """Release the jobs of dead workers and enqueue recurring jobs; at the start and every few seconds."""
        if monotonic() - self._housekeeping_at < HOUSEKEEPING_SECONDS:
            return
        self._housekeeping_at = monotonic()
        release_orphaned()
        bring_forward()
        enqueue_due(now())

    def _run_all(self) -> None:
        while not self._stopped.is_set() and (claim := claim_job(self.name)):
            self._run(claim)
            self._housekeep()

    def _run(self, claim: Claim) -> None:
        """Run a claimed job while the other thread renews its lease."""
        context = JobContext(claim)
        self._heartbeat_at = monotonic()
        self._context = context
        try:
            run_job(claim, context)
        finally:
            self._context = None

    def _renew_leases(self) -> None:
        while self._job_thread.is_alive():
            if self.is_stopping:
                self._job_thread.join(PROGRESS_SECONDS)
            else:
                self._stopped.wait(PROGRESS_SECONDS)
            self._record_state()
            context = self._context
            if context is None or context.is_lost:
                continue
            if context.percent != context.written or monotonic() - self._heartbeat_at >= HEARTBEAT_SECONDS:
                self._send_heartbeat(context)

    def _record_state(self) -> None:
        """Record every 15 seconds that this worker runs, and the mails of this process; also while a job runs."""
        if monotonic() - self._seen_at < SEEN_SECONDS or self.is_stopping:
            return
        self._seen_at = monotonic()
        try:
            with self.app.app_context():
                record_worker(self.name, started_at=self._started_at, now=now())
                write_mail_outcomes()
        except Exception as error:  # the next time is soon
            log.warning("worker_not_recorded", extra={"fields": {"error": type(error).__name__}})

    def _send_heartbeat(self, context: JobContext) -> None:
        """Renew the lease and write the progress. On SQLite this waits while the job itself writes."""
        try:
            with self.app.app_context(), transaction():
                write_progress(context, lease_until=now() + LEASE)
            self._heartbeat_at = monotonic()
        except Exception as error:
            if not (isinstance(error, OperationalError) and is_contention(error)):
                log.exception("the lease of job %s could not be renewed", context.claim.id)
