"""Start the web server: uvicorn with one process or several."""

import contextlib
import logging
import os
import shutil
import signal
import socket
from collections.abc import Iterator
from multiprocessing import resource_tracker
from pathlib import Path

import click
import uvicorn
from flask import Flask
from uvicorn.supervisors import Multiprocess

from madang.core.metrics import MULTIPROCESS

from .gateway import Gateway

GRACE_SECONDS = 10
STOPPED = "Madang has stopped."
log = logging.getLogger("madang.server")


def serve_site(app: Flask, *, host: str, port: int, workers: int, setup_code: str | None) -> None:
    """Listen on `host` and `port` (0 picks a free one) until a signal comes; says where in one line."""
    config = uvicorn.Config(
        "madang.asgi:app" if workers > 1 else Gateway(app),
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    if workers > 1:
        _share_metrics(Path(app.instance_path) / "metrics")
    listener = config.bind_socket()
    listener.listen(config.backlog)  # who reads the address may come at once, and waits for the first process
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _end_now)
    click.echo(_banner(listener, setup_code))
    _run(config, listener)
    click.echo(STOPPED)


def _end_now(*_: object) -> None:
    """End while uvicorn does not listen to signals: before it starts, and when it raises again the one that ended it.

    Nothing is left to end then. An exception could get lost on its way: whoever collects garbage swallows it.
    """
    os.write(1, f"{STOPPED}\n".encode())
    os._exit(0)


class Processes(Multiprocess):
    """Several processes that the first one alone tells to end: Ctrl-C reaches all, and those that start complain."""

    def init_processes(self) -> None:
        with _interrupts_held():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        with _interrupts_held():
            super().keep_subprocess_alive()


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C waits; processes that are started meanwhile never hear of it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # when it starts it lets signals through again
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    yield
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _run(config: uvicorn.Config, listener: socket.socket) -> None:
    if config.workers > 1:
        Processes(config, sockets=[listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])


def _share_metrics(folder: Path) -> None:
    """Let the processes write their numbers where each of them can add them up; the last run's are forgotten."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[MULTIPROCESS] = str(folder)


def _banner(listener: socket.socket, setup_code: str | None) -> str:
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return f"Madang is ready at {address}" + (f" (setup code {setup_code})" if setup_code else "")
