"""Background work. The table is the truth: a job is a row written with what caused it, run at least once after it."""

import logging
import os
import socket
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import JSON, Index, String, and_, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from .clock import now
from .db import Base, Id, LongText, after_commit, db, table_args, transaction

LEASE = timedelta(seconds=60)
HEARTBEAT_SECONDS = 15
POLL_SECONDS = 1.0
MAX_ATTEMPTS = 5
log = logging.getLogger("madang.jobs")


class Job(Base):
    """One piece of work: queued, running (by whoever holds the lease), done or failed."""

    __tablename__ = "jobs"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    owner_id: Mapped[int | None]
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(120))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[str | None] = mapped_column(LongText)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    __table_args__ = table_args(Index("ix_jobs_state_run_at", "state", "run_at", "id"), Index(None, "owner_id", "name"))


class JobFunction:
    """A function that workers run; `later(**arguments)` asks for it within the present transaction."""

    def __init__(self, function: Callable[..., dict[str, Any] | None]) -> None:
        self.function = function
        self.name = f"{function.__module__.removeprefix('madang.').removesuffix('.jobs')}.{function.__name__}"
        self.__doc__ = function.__doc__
        _functions[self.name] = self

    def later(self, *, owner_id: int | None = None, delay: timedelta = timedelta(0), **arguments: Any) -> Job:
        """Write the job's row; workers are woken once it is committed. Arguments are ids and other JSON values."""
        moment = now()
        job = Job(name=self.name, arguments=arguments, owner_id=owner_id, run_at=moment + delay, created_at=moment)
        db.session.add(job)
        db.session.flush()
        after_commit(_wake.set)
        return job


_functions: dict[str, JobFunction] = {}
_wake = threading.Event()


def job(function: Callable[..., dict[str, Any] | None]) -> JobFunction:
    """Make `function` a job. Its effects and its end are one transaction; what it returns is kept as its result."""
    return JobFunction(function)


def _claimable(moment: datetime) -> Any:
    return or_(
        and_(Job.state == "queued", Job.run_at <= moment), and_(Job.state == "running", Job.lease_until < moment)
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that somebody has taken: theirs while the row names this worker and this attempt."""

    id: int
    name: str
    arguments: dict[str, Any]
    worker: str
    attempts: int


class LeaseLost(Exception):
    """The lease ran out, and somebody else has taken the job."""


def claim(worker: str) -> Claim | None:
    """Take the oldest job that is due, or whose worker has died. None if there is none."""
    moment = now()
    candidates = db.session.scalars(select(Job.id).where(_claimable(moment)).order_by(Job.run_at, Job.id).limit(5))
    for job_id in candidates.all():
        with transaction() as session:
            taken = session.execute(
                update(Job)
                .where(Job.id == job_id, _claimable(moment))
                .values(state="running", worker=worker, lease_until=moment + LEASE, attempts=Job.attempts + 1)
                .execution_options(synchronize_session=False)
            )
            if taken.rowcount:  # type: ignore[attr-defined]
                columns = select(Job.id, Job.name, Job.arguments, Job.worker, Job.attempts).where(Job.id == job_id)
                return Claim(*session.execute(columns).one())
    return None


def run(claimed: Claim) -> None:
    """Do the work of a claimed job and write how it ended, both in one transaction and only while it is ours."""
    try:
        if claimed.attempts > MAX_ATTEMPTS:
            raise RuntimeError("Every worker that took this job died of it.")
        with transaction():
            result = _functions[claimed.name].function(**claimed.arguments)
            _finish(claimed, state="done", result=result, error=None)
    except LeaseLost:
        log.warning("job %s (%s) was taken over by another worker", claimed.name, claimed.id)
    except Exception:
        log.exception("job %s (%s) failed", claimed.name, claimed.id)
        _fail(claimed, traceback.format_exc(limit=20).replace("\0", ""))


def _fail(claimed: Claim, error: str) -> None:
    with suppress(LeaseLost), transaction():
        if claimed.attempts < MAX_ATTEMPTS and claimed.name in _functions:
            wait = timedelta(seconds=10 * 3**claimed.attempts)
            _finish(claimed, state="queued", error=error, run_at=now() + wait, finished_at=None)
        else:
            _finish(claimed, state="failed", error=error)


def _finish(claimed: Claim, **values: Any) -> None:
    """Write how a job ended. Raises `LeaseLost`, which takes back its effects, if it is somebody else's by now."""
    is_ours = (Job.state == "running") & (Job.worker == claimed.worker) & (Job.attempts == claimed.attempts)
    ended = db.session.execute(
        update(Job)
        .where(Job.id == claimed.id, is_ours)
        .values({"finished_at": now(), "lease_until": None, **values})
        .execution_options(synchronize_session=False)
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise LeaseLost


def run_due(worker: str = "here") -> int:
    """Run every job that is due, one after the other; returns how many."""
    count = 0
    while claimed := claim(worker):
        run(claimed)
        count += 1
    return count


class Worker:
    """A thread that runs jobs until told to stop. A second thread keeps the lease of the one that runs."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.name = f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"
        self._stopped = threading.Event()
        self._running_id: int | None = None
        self._threads = [
            threading.Thread(target=self._work, name="jobs", daemon=True),
            threading.Thread(target=self._keep_lease, name="jobs-lease", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 10) -> None:
        """Finish the job under way, take no other."""
        self._stopped.set()
        _wake.set()
        self._threads[0].join(timeout)

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                with self.app.app_context():
                    self._run_all()
            except Exception:
                log.exception("the worker cannot reach its jobs; it tries again")
                self._stopped.wait(POLL_SECONDS * 5)
            _wake.wait(POLL_SECONDS)
            _wake.clear()

    def _run_all(self) -> None:
        while not self._stopped.is_set() and (claimed := claim(self.name)):
            self._running_id = claimed.id
            try:
                run(claimed)
            finally:
                self._running_id = None

    def _keep_lease(self) -> None:
        while not self._stopped.wait(HEARTBEAT_SECONDS):
            if (job_id := self._running_id) is None:
                continue
            try:
                with self.app.app_context(), transaction() as session:
                    session.execute(
                        update(Job)
                        .where(Job.id == job_id, Job.worker == self.name, Job.state == "running")
                        .values(lease_until=now() + LEASE)
                    )
            except Exception:
                log.exception("the lease of job %s could not be renewed", job_id)
