"""Start the workers that run background jobs."""

import signal
import threading

import click
from flask import Flask

from .rq_transport import transport_of
from .rq_worker import RqWorker
from .worker import Worker


def make_worker(app: Flask) -> Worker:
    """A worker that is told of jobs by Redis where there is one, and else by this process and the table."""
    carrier = transport_of(app)
    return RqWorker(app, carrier) if carrier else Worker(app)


def work(app: Flask, count: int) -> None:
    """Run background jobs, `count` at a time, until a signal comes; what is under way then is finished."""
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    workers = [make_worker(app) for _ in range(count)]
    for worker in workers:
        worker.start()
    click.echo("Working; Ctrl-C ends it.")
    stopped.wait()
    for worker in workers:
        worker.ask_to_stop()
    for worker in workers:
        worker.stop()
