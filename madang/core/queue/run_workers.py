"""Start the workers that run background jobs."""

import signal
import threading

import click
from flask import Flask

from madang.core.db import engines

from .rq_transport import transport_of
from .rq_worker import RqWorker
from .worker import Worker


def make_worker(app: Flask) -> Worker:
    """A worker that Redis wakes if there is one, else one that this process wakes and that polls the table."""
    transport = transport_of(app)
    return RqWorker(app, transport) if transport else Worker(app)


def work(app: Flask, count: int) -> None:
    """Run background jobs, `count` at a time, until SIGINT or SIGTERM; jobs that are running then are finished."""
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    workers = [make_worker(app) for _ in range(count)]
    for worker in workers:
        worker.start()
    click.echo("Working; Ctrl-C ends it.")
    stopped.wait()
    for worker in workers:
        worker.request_stop()
    for worker in workers:
        worker.stop()
    engines.close(app)
