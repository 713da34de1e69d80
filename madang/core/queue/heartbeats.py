"""Heartbeats of workers: a row that says when each was last seen, working or not."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from madang.core.db import db, transaction, upsert

from .models import WorkerHeartbeat

SEEN_SECONDS = 15.0
FORGOTTEN_AFTER = timedelta(hours=1)


def record_worker(name: str, *, started_at: datetime, now: datetime) -> None:
    """Record that a worker runs, and forget those that have not been seen for an hour."""
    with transaction():
        upsert(
            WorkerHeartbeat,
            {"name": name},
            new={"started_at": started_at, "seen_at": now},
            changes={"seen_at": now},
        )
        db.write(delete(WorkerHeartbeat).where(WorkerHeartbeat.seen_at < now - FORGOTTEN_AFTER))


def forget_worker(name: str) -> None:
    """Delete the row of a worker that stops."""
    with transaction():
        db.write(delete(WorkerHeartbeat).where(WorkerHeartbeat.name == name))
