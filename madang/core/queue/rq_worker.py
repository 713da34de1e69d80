"""A worker that RQ wakes; it polls the table too, for ids that Redis has lost."""

import logging

from flask import Flask
from redis import RedisError
from rq import Queue
from rq.exceptions import DequeueTimeout

from madang.core.circuit_breaker import redis_breaker

from .rq_transport import RqTransport
from .worker import POLL_SECONDS, Worker

LISTEN_SECONDS = 3
SOCKET_TIMEOUT_SECONDS = LISTEN_SECONDS + 2
log = logging.getLogger("madang.jobs")


class RqWorker(Worker):
    """Polls the table whenever RQ delivers the id of a job, and when it has delivered none for a while.

    Each id wakes one worker, which claims the oldest job that is due: the table decides what is run.
    """

    def __init__(self, app: Flask, transport: RqTransport) -> None:
        super().__init__(app)
        self._queue = transport.queue(SOCKET_TIMEOUT_SECONDS)

    def _wait(self) -> None:
        if self.is_stopping:
            return
        try:
            _receive(self._queue)
        except (RedisError, OSError) as error:
            redis_breaker.record_failure(error)
            self._stopped.wait(POLL_SECONDS)
        except Exception:
            log.exception("the worker cannot listen to Redis; it looks into the table meanwhile")
            self._stopped.wait(POLL_SECONDS * 5)
        else:
            redis_breaker.record_success()


def _receive(queue: Queue) -> None:
    """Wait for an id and take it off the queue. Raises `RedisError` when Redis goes away."""
    try:
        delivery = Queue.dequeue_any([queue], LISTEN_SECONDS, connection=queue.connection)
    except DequeueTimeout:
        return
    if delivery is not None:
        job, _queue = delivery
        queue.intermediate_queue.remove(job.id)
        job.delete(remove_from_queue=False)
