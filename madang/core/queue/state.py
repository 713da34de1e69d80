"""The state of the queue for `/metrics`, `/admin/health` and `madang check`: waiting jobs, workers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from .models import UNFINISHED, Job, WorkerHeartbeat

WORKER_ALIVE = timedelta(minutes=1)  # a worker is seen every 15 seconds
COUNTED = (*UNFINISHED, "failed")  # the others are many, and the index would be read through


@dataclass(frozen=True, slots=True)
class SeenWorker:
    """A worker that was seen within the last hour."""

    name: str
    started_at: datetime
    seen_at: datetime

    @property
    def label(self) -> str:
        """Its machine, the id of its process, and its number there: "board:4711:1"."""
        host, _machine, process, _started, number = self.name.split(":")
        return f"{host}:{process}:{number}"


@dataclass(frozen=True, slots=True)
class QueueState:
    """Jobs by state (done ones are not counted), since when the oldest waiting one is due, and the workers."""

    counts: dict[str, int]
    oldest_due_at: datetime | None
    workers: list[SeenWorker]

    def oldest_age(self, moment: datetime) -> float:
        """For how many seconds the oldest waiting job has been due."""
        return max(0.0, (moment - self.oldest_due_at).total_seconds()) if self.oldest_due_at else 0.0

    def alive_workers(self, moment: datetime) -> list[SeenWorker]:
        """The workers seen within a minute; one seen in the future was seen before the clock was set back."""
        return [worker for worker in self.workers if abs(worker.seen_at - moment) < WORKER_ALIVE]


def queue_state(connection: Connection, moment: datetime) -> QueueState:
    """The state of the queue at `moment`, by the index of states."""
    states = select(Job.state, func.count()).where(Job.state.in_(COUNTED)).group_by(Job.state)
    counts: dict[str, int] = {row[0]: row[1] for row in connection.execute(states)}
    oldest = select(func.min(Job.run_at)).where(Job.state == "queued", Job.run_at <= moment)
    workers = select(WorkerHeartbeat.name, WorkerHeartbeat.started_at, WorkerHeartbeat.seen_at)
    return QueueState(
        {state: counts.get(state, 0) for state in COUNTED},
        connection.scalar(oldest),
        [SeenWorker(*row) for row in connection.execute(workers.order_by(WorkerHeartbeat.name))],
    )
