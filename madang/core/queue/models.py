"""Jobs and schedules, as rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, LongText, table_args

NAME_MAX = 80
WORDS_MAX = 500
WAITING = ("queued", "running")
ENDED = ("done", "failed", "cancelled")


class Job(Base):
    """One piece of work: queued, running (by whoever holds the lease), done, failed or cancelled.

    `attempts` counts how often it was taken, `failures` how often it broke; `error` is for those who mend it,
    `error_words` for its owner.
    """

    __tablename__ = "jobs"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
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
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    result_file: Mapped[str | None] = mapped_column(String(80))
    error: Mapped[str | None] = mapped_column(LongText)
    error_code: Mapped[str | None] = mapped_column(String(40))
    error_words: Mapped[str | None] = mapped_column(String(WORDS_MAX))
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


class Schedule(Base):
    """When a job that comes round is asked for next. Whoever moves `next_at` on asks for it."""

    __tablename__ = "schedules"
    name: Mapped[str] = mapped_column(String(NAME_MAX), primary_key=True)
    next_at: Mapped[datetime]
    last_at: Mapped[datetime | None]
