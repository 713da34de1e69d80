"""Telling workers that there is work: an event in this process, and RQ where there is Redis.

Nothing depends on it. A number that gets lost on the way is found in the table, where every worker looks by itself.
"""

import threading
from hashlib import sha256

from flask import Flask, current_app
from redis import Redis, RedisError
from rq import Queue

from madang.core.circuit_breaker import redis_breaker

RQ_FUNCTION = "madang.core.queue.run"  # RQ wants the name of a function; its jobs are only received, never performed
ANSWER_SECONDS = 1
KEPT_SECONDS = 3600
wake = threading.Event()


class RqTransport:
    """The queue of this site's job numbers in Redis."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.queue_name = f"madang-{sha256(secret.encode()).hexdigest()[:12]}"  # several sites may share one Redis
        self._queue = self.queue(ANSWER_SECONDS)

    def queue(self, seconds: float) -> Queue:
        """RQ's queue over a connection that waits `seconds` for an answer; nothing is asked yet."""
        connection = Redis.from_url(self.url, socket_connect_timeout=ANSWER_SECONDS, socket_timeout=seconds)
        return Queue(self.queue_name, connection=connection)

    def wake_workers(self, job_id: int) -> None:
        """Send a job's number to the workers; where Redis is away, they find it in the table."""
        if redis_breaker.is_open:
            return
        try:
            self._queue.enqueue_call(RQ_FUNCTION, (job_id,), ttl=KEPT_SECONDS, description=f"job {job_id}")
        except (RedisError, OSError) as error:
            redis_breaker.record_failure(error)
        else:
            redis_breaker.record_success()


def init_app(app: Flask) -> None:
    """Give `app` its carrier, where its settings name a Redis."""
    url = app.config["REDIS_URL"]
    app.extensions["job_carrier"] = RqTransport(url, app.config["SECRET_KEY"]) if url else None


def transport_of(app: Flask) -> RqTransport | None:
    return app.extensions["job_carrier"]


def wake_workers(job_id: int) -> None:
    """Tell the workers of a job that has just been committed."""
    wake.set()
    if carrier := transport_of(current_app):
        carrier.wake_workers(job_id)
