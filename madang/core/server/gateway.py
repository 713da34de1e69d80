"""The ASGI application: cached pages and event streams from the event loop, the rest from Flask in threads."""

import asyncio
import gc
import re
import signal
import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from types import FrameType
from typing import NamedTuple, Protocol

from flask import Flask, has_app_context

from madang.core.db import engines
from madang.core.queue.run_workers import make_worker
from madang.core.web.error_pages import is_debugging

from .asgi import Application, Receive, Scope, Send
from .cached_requests import CachedRequests
from .clients import Clients
from .event_stream import EventStreamMiddleware
from .events import EventSource
from .hub import Hub
from .page_cache import PageCache
from .turns import Turns
from .wakeup import process_wakeup
from .wsgi_adapter import Wsgi, WsgiAdapter

HEALTH_PATHS, HEALTH_THREADS = ("/healthz", "/readyz", "/metrics"), 2
FIRST_PAGES = ("/", "/auth/login", "/api/v1/posts")
POST_LINK = re.compile(r'href="(/posts/\d+[^"#?]*)"')
THREADS = 2  # more make pages slower: the interpreter runs one at a time. One more waits for pictures


class Service(Protocol):
    """A background thread of the server process."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class ServerParts(NamedTuple):
    """What slices contribute to the server."""

    stream: Callable[[Flask], EventSource]
    services: Sequence[Callable[[Flask], Service]]
    count_view: Callable[[int, str], None]


def init_app(app: Flask, parts: ServerParts) -> None:
    """Register the parts for the server of `app`."""
    app.extensions["server_parts"] = parts


class Gateway:
    """The ASGI application: starts and stops the services, and routes requests."""

    def __init__(self, app: Flask) -> None:
        parts: ServerParts = app.extensions["server_parts"]
        self.app = app
        self.services: list[Service] = [make(app) for make in parts.services]
        if app.config["JOBS_EMBEDDED"]:
            self.services.append(make_worker(app))
        clients = Clients(session_cookie=app.config["SESSION_COOKIE_NAME"], proxies=app.config["TRUSTED_PROXIES"])
        flask: Application = WsgiAdapter(
            _with_debugger(app),
            threads=THREADS,
            max_body_bytes=app.config["MAX_CONTENT_LENGTH"],
            # One thread is always left for pages.
            turns=Turns(at_once=THREADS - 1, clients=clients),
        )
        # Threads of their own: those of the pages may all wait for a database that does not answer.
        self.health: Application = WsgiAdapter(
            app, threads=HEALTH_THREADS, max_body_bytes=0, turns=Turns(at_once=1, clients=clients)
        )
        self.hub = Hub(parts.stream(app), process_wakeup())
        self.events: Application = EventStreamMiddleware(flask, self.hub)
        self.pages: Application = PageCache(
            flask,
            seconds=app.config["PAGE_CACHE_SECONDS"],
            session_cookie=app.config["SESSION_COOKIE_NAME"],
            count_view=parts.count_view,
            proxies=app.config["TRUSTED_PROXIES"],
            record_hit=CachedRequests(app).record,
        )

    def warm_up(self) -> None:
        """Make the pages that most readers see first: of a new process they cost up to ten times as much as later."""
        client = self.app.test_client()
        home, *_others = [client.get(path, base_url=self.app.config["SITE_URL"] or None) for path in FIRST_PAGES]
        if link := POST_LINK.search(home.text):
            client.get(link[1], base_url=self.app.config["SITE_URL"] or None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._application_of(scope["path"])(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._run_lifespan(receive, send)

    def _application_of(self, path: str) -> Application:
        if path in HEALTH_PATHS:
            return self.health
        return self.events if path == "/events" else self.pages

    async def _run_lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        if has_app_context():  # every request would share it and its database session
            raise RuntimeError("The server must not be started inside an application context.")
        for service in self.services:
            service.start()
        self.hub.start()
        self._close_streams_on_signals()
        gc.freeze()  # nearly everything loaded so far stays: the collector can skip it
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.hub.stop()
        for service in self.services:
            service.stop()
        engines.close(self.app)
        await send({"type": "lifespan.shutdown.complete"})

    def _close_streams_on_signals(self) -> None:
        """Close the streams on SIGINT and SIGTERM: the server ends the lifespan only after its open connections."""
        loop = asyncio.get_running_loop()

        def close_first(handler: object) -> Callable[[int, FrameType | None], None]:
            def handle(number: int, frame: FrameType | None) -> None:
                loop.call_soon_threadsafe(self.hub.close)
                if callable(handler):
                    handler(number, frame)

            return handle

        if threading.current_thread() is threading.main_thread():
            for name in (signal.SIGINT, signal.SIGTERM):
                signal.signal(name, close_first(signal.getsignal(name)))


def _with_debugger(app: Flask) -> Wsgi:
    """Return `app` inside Werkzeug's debugger where it is wanted; it is imported only then."""
    if not is_debugging(app):
        return app
    return import_module("werkzeug.debug").DebuggedApplication(app, evalex=True)
