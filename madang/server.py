"""The one server: visitors' pages from the cache in the event loop, everything else from Flask in two threads."""

import asyncio
import contextlib
import gc
import logging
import os
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker
from pathlib import Path
from types import FrameType
from typing import Any

import click
import uvicorn
from flask import Flask, has_app_context
from uvicorn.supervisors import Multiprocess

from .core.bridge import Bridge
from .core.doorbell import bell
from .core.jobs.carried import CarriedWorker
from .core.jobs.carrier import carrier_of
from .core.jobs.worker import Worker
from .core.live import EventStreams, Hub
from .core.metrics import MULTIPROCESS
from .core.pagecache import Application, PageCache, Receive, Scope, Send
from .notifications.operations.stream import StreamTable
from .posts.jobs.view_counts import ViewWriter, view_counter

THREADS = 2  # more only make each page dearer: the interpreter runs one at a time
GRACE_SECONDS = 10
STOPPED = "Madang has stopped."
log = logging.getLogger("madang.server")


class Gateway:
    """The ASGI application: starts and stops what runs beside the pages, and hands on requests."""

    def __init__(self, app: Flask) -> None:
        self.services: list[Worker | ViewWriter] = [ViewWriter(app)]
        if app.config["JOBS_EMBEDDED"]:
            self.services.append(make_worker(app))
        flask: Application = Bridge(app, threads=THREADS, most=app.config["MAX_CONTENT_LENGTH"])
        self.hub = Hub(StreamTable(app), bell())
        self.events: Application = EventStreams(flask, self.hub)
        self.pages: Application = PageCache(
            flask,
            seconds=app.config["PAGE_CACHE_SECONDS"],
            session_cookie=app.config["SESSION_COOKIE_NAME"],
            count_view=view_counter.count,
            proxies=app.config["TRUSTED_PROXIES"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await (self.events if scope["path"] == "/events" else self.pages)(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        if has_app_context():  # every request would share it, and with it the database session
            raise RuntimeError("The server must not be started inside an application context.")
        for service in self.services:
            service.start()
        self.hub.start()
        self._close_streams_on_signals()
        gc.freeze()  # what is loaded by now stays, hardly anything is rubbish: the collector need never look at it
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.hub.stop()
        for service in self.services:
            service.stop()
        await send({"type": "lifespan.shutdown.complete"})

    def _close_streams_on_signals(self) -> None:
        """Servers wait for open connections before they tell us that they end; streams never end by themselves."""
        loop = asyncio.get_running_loop()

        def wrapped(before: Any) -> Callable[[int, FrameType | None], None]:
            def end(number: int, frame: FrameType | None) -> None:
                loop.call_soon_threadsafe(self.hub.close)
                if callable(before):
                    before(number, frame)

            return end

        if threading.current_thread() is threading.main_thread():
            for name in (signal.SIGINT, signal.SIGTERM):
                signal.signal(name, wrapped(signal.getsignal(name)))


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


def make_worker(app: Flask) -> Worker:
    """A worker that is told of jobs by Redis where there is one, and else by this process and the table."""
    carrier = carrier_of(app)
    return CarriedWorker(app, carrier) if carrier else Worker(app)


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
