"""The ASGI application: visitors' pages from the cache in the event loop, all else from Flask in two threads."""

import asyncio
import gc
import signal
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NamedTuple, Protocol

from flask import Flask, has_app_context

from madang.core.queue.work import make_worker

from .asgi import Application, Receive, Scope, Send
from .event_stream import EventStreamMiddleware
from .events import EventSource
from .hub import Hub
from .page_cache import PageCache
from .wakeup import process_wakeup
from .wsgi_adapter import WsgiAdapter

THREADS = 2  # more only make each page dearer: the interpreter runs one at a time


class Service(Protocol):
    """A thread that runs beside the pages."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class ServerParts(NamedTuple):
    """What slices bring to the server."""

    stream: Callable[[Flask], EventSource]
    services: Sequence[Callable[[Flask], Service]]
    count_view: Callable[[int, str], None]


def init_app(app: Flask, parts: ServerParts) -> None:
    """Let the server of `app` use these parts."""
    app.extensions["server_parts"] = parts


class Gateway:
    """The ASGI application: starts and stops what runs beside the pages, and passes requests on."""

    def __init__(self, app: Flask) -> None:
        parts: ServerParts = app.extensions["server_parts"]
        self.services: list[Service] = [make(app) for make in parts.services]
        if app.config["JOBS_EMBEDDED"]:
            self.services.append(make_worker(app))
        flask: Application = WsgiAdapter(app, threads=THREADS, most=app.config["MAX_CONTENT_LENGTH"])
        self.hub = Hub(parts.stream(app), process_wakeup())
        self.events: Application = EventStreamMiddleware(flask, self.hub)
        self.pages: Application = PageCache(
            flask,
            seconds=app.config["PAGE_CACHE_SECONDS"],
            session_cookie=app.config["SESSION_COOKIE_NAME"],
            count_view=parts.count_view,
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
