"""Wake workers for new jobs: by an event in this process, and through RQ where there is Redis.

Correctness does not depend on it: a job id that is lost on the way is found in the table, which every worker polls.
"""

import threading
from hashlib import sha256

from flask import Flask, current_app
from redis import Redis, RedisError
from rq import Queue

from madang.core.circuit_breaker import redis_breaker

RQ_FUNCTION = "madang.core.queue.run"  # RQ requires a function name; its jobs are only received, never performed
REDIS_TIMEOUT_SECONDS = 1
TTL_SECONDS = 3600
wakeup = threading.Event()


class RqTransport:
    """The RQ queue of this site's job ids."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.queue_name = f"madang-{sha256(secret.encode()).hexdigest()[:12]}"  # several sites may share one Redis
        self._queue = self.queue(REDIS_TIMEOUT_SECONDS)

    def queue(self, timeout_seconds: float) -> Queue:
        """The queue, over a lazily opened connection that waits `timeout_seconds` for a reply."""
        connection = Redis.from_url(
            self.url, socket_connect_timeout=REDIS_TIMEOUT_SECONDS, socket_timeout=timeout_seconds
        )
        return Queue(self.queue_name, connection=connection)

    def wake_workers(self, job_id: int) -> None:
        """Send a job's id to the workers; without Redis they find it in the table."""
        if redis_breaker.is_open:
            return
        try:
            self._queue.enqueue_call(RQ_FUNCTION, (job_id,), ttl=TTL_SECONDS, description=f"job {job_id}")
        except (RedisError, OSError) as error:
            redis_breaker.record_failure(error)
        else:
            redis_breaker.record_success()


def init_app(app: Flask) -> None:
    """Give `app` its transport if its settings name a Redis."""
    url = app.config["REDIS_URL"]
    app.extensions["job_transport"] = RqTransport(url, app.config["SECRET_KEY"]) if url else None


def transport_of(app: Flask) -> RqTransport | None:
    """The transport of `app`; None without Redis."""
    return app.extensions["job_transport"]


def wake_workers(job_id: int) -> None:
    """Wake workers for a job that has just been committed."""
    wakeup.set()
    if transport := transport_of(current_app):
        transport.wake_workers(job_id)
