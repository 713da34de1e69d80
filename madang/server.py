"""The one server: visitors' pages from the cache in the event loop, everything else from Flask in two threads."""

import gc
import logging
import os
import shutil
import signal
import socket
import threading
from pathlib import Path

import click
import uvicorn
from flask import Flask, has_app_context
from uvicorn.supervisors import Multiprocess

from .core.bridge import Bridge
from .core.jobs import Worker
from .core.metrics import MULTIPROCESS
from .core.pagecache import Application, PageCache, Receive, Scope, Send
from .posts.viewing import ViewWriter, view_counter

THREADS = 2  # more only make each page dearer: the interpreter runs one at a time
GRACE_SECONDS = 10
log = logging.getLogger("madang.server")


class Gateway:
    """The ASGI application: starts and stops what runs beside the pages, and hands on requests."""

    def __init__(self, app: Flask) -> None:
        self.services: list[Worker | ViewWriter] = [ViewWriter(app)]
        if app.config["JOBS_EMBEDDED"]:
            self.services.append(Worker(app))
        self.pages: Application = PageCache(
            Bridge(app, threads=THREADS, most=app.config["MAX_CONTENT_LENGTH"]),
            seconds=app.config["PAGE_CACHE_SECONDS"],
            session_cookie=app.config["SESSION_COOKIE_NAME"],
            count_view=view_counter.count,
            proxies=app.config["TRUSTED_PROXIES"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.pages(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        if has_app_context():  # every request would share it, and with it the database session
            raise RuntimeError("The server must not be started inside an application context.")
        for service in self.services:
            service.start()
        gc.collect()
        gc.freeze()  # what is loaded by now stays: the collector need not look at it again
        gc.set_threshold(50_000, 20, 50)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for service in self.services:
            service.stop()
        await send({"type": "lifespan.shutdown.complete"})


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
    listener.listen(config.backlog)  # who comes before the first process is ready waits, and is not refused
    listener.listen(config.backlog)  # whoever reads the address may come at once
    click.echo(_banner(listener, setup_code))
    server = uvicorn.Server(config)
    if workers > 1:
        Multiprocess(config, sockets=[listener]).run()
    else:
        server.run(sockets=[listener])


def _share_metrics(folder: Path) -> None:
    """Let the processes write their numbers where each of them can add them up; the last run's are forgotten."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[MULTIPROCESS] = str(folder)


def _banner(listener: socket.socket, setup_code: str | None) -> str:
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return f"Madang is ready at {address}" + (f" (setup code {setup_code})" if setup_code else "")


def work(app: Flask) -> None:
    """Run background jobs until a signal comes."""
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    worker = Worker(app)
    worker.start()
    click.echo("Working; Ctrl-C ends it.")
    stopped.wait()
    worker.stop()
