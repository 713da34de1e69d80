"""The tables of background jobs and their schedules."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, LongText, table_args

JsonObject = dict[str, Any]
MAX_NAME = 80
MAX_ERROR_WORDS = 500
MAX_REQUEST_ID = 100
UNFINISHED = ("queued", "running")
ENDED = ("done", "failed", "cancelled")


class Job(Base):
    """A background job: queued, running (by the worker that holds the lease), done, failed or cancelled.

    `attempts` counts claims, `failures` exceptions; `error` is the traceback, `error_words` the message for the owner.
    `request_id` is the id of the request that caused it, for its lines of the log.
    """

    __tablename__ = "jobs"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    arguments: Mapped[JsonObject] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    owner_id: Mapped[int | None]
    locale: Mapped[str | None] = mapped_column(String(5))
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(120))
    cancel_asked_at: Mapped[datetime | None]
    result: Mapped[JsonObject | None] = mapped_column(JSON)
    result_file: Mapped[str | None] = mapped_column(String(80))
    error: Mapped[str | None] = mapped_column(LongText)
    error_code: Mapped[str | None] = mapped_column(String(40))
    error_words: Mapped[str | None] = mapped_column(String(MAX_ERROR_WORDS))
    request_id: Mapped[str | None] = mapped_column(String(MAX_REQUEST_ID))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    __table_args__ = table_args(
        Index("ix_jobs_state_run_at", "state", "run_at", "id"),
        Index(None, "owner_id", "name"),
        Index("ix_jobs_finished_at", "finished_at", "id"),
    )

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED


class WorkerHeartbeat(Base):
    """A worker that runs, or did within the last hour: when it was last seen."""

    __tablename__ = "workers"
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    __table_args__ = table_args()


class Schedule(Base):
    """When a recurring job is due next. The worker that advances `next_at` enqueues the job."""

    __tablename__ = "schedules"
    name: Mapped[str] = mapped_column(String(MAX_NAME), primary_key=True)
    next_at: Mapped[datetime]
    last_at: Mapped[datetime | None]
