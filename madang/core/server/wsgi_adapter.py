"""A WSGI adapter for ASGI: one hop to a thread for a request, one back with the whole response.

a2wsgi, which does the same for any application, passes every chunk through a queue and a task of its own, for 0.5 ms a
request. Here the request's body is read first, and a long response is sent in pieces of a megabyte.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext, suppress
from functools import partial
from io import BytesIO, StringIO
from queue import SimpleQueue
from tempfile import SpooledTemporaryFile
from time import perf_counter
from typing import IO, TypeVar
from wsgiref.types import WSGIEnvironment

from madang.core.web.constants import ACCOUNT, REFUSED, STARTED

from .asgi import Receive, Scope, Send
from .turns import RETRY_AFTER_SECONDS, Turns, has_file, is_multipart

T = TypeVar("T")
Wsgi = Callable[..., Iterable[bytes]]
MAX_MEMORY_BYTES = 1024 * 1024
PIECE_BYTES = 1024 * 1024


class WsgiAdapter:
    """Runs a WSGI application in `threads` threads as an ASGI one. Bodies over `max_body_bytes` are not read.

    A request that `turns` refuse reaches the application without its body, with the seconds to wait as `REFUSED`.
    """

    def __init__(self, wsgi: Wsgi, *, threads: int, max_body_bytes: int, turns: Turns) -> None:
        self.wsgi = wsgi
        self.max_body_bytes = max_body_bytes
        self.threads = ThreadPool(threads)
        self.file_thread = ThreadPool(1)  # for requests with a file, which wait for the picture process
        self.turns = turns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        environ = _environ(scope)
        async with self.turns.place(scope) as turn:
            if turn is None:
                environ[REFUSED] = RETRY_AFTER_SECONDS
            body = BytesIO() if turn is None else await self._read(environ, receive)
            environ[STARTED] = perf_counter()  # the wait for a thread counts, a slow client does not
            if body is None:
                return
            environ["wsgi.input"] = body
            with_file = turn is not None and is_multipart(scope) and has_file(body)
            threads = self.file_thread if with_file else self.threads
            async with turn(with_file) if turn else nullcontext():
                response = await threads.run(partial(BufferedResponse, self.wsgi, environ))
        self.turns.clients.learn(scope, environ.get(ACCOUNT))
        await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
        while response.has_more:
            await send({"type": "http.response.body", "body": response.piece, "more_body": True})
            await self.threads.run(response.read)
        await send({"type": "http.response.body", "body": response.piece})

    async def _read(self, environ: WSGIEnvironment, receive: Receive) -> IO[bytes] | None:
        """Read the request's body; None after a disconnect. A too long one is cut: the application refuses it."""
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            return BytesIO()
        if _content_length(environ) > self.max_body_bytes:
            return BytesIO()
        body: IO[bytes] = SpooledTemporaryFile(MAX_MEMORY_BYTES)  # noqa: SIM115  (closed with the request)
        has_more = True
        while has_more and body.tell() <= self.max_body_bytes:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body.write(message.get("body", b""))
            has_more = message.get("more_body", False)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ["CONTENT_LENGTH"] = str(body.tell())
        body.seek(0)
        return body


class ThreadPool:
    """A few threads for the calls that would block the event loop.

    An executor's futures have locks of their own and are copied to asyncio's: a tenth of the emptiest page's time.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._is_started = False
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def run(self, function: Callable[[], T]) -> "asyncio.Future[T]":
        """Call `function` in a thread; the future gets its result or exception."""
        if not self._is_started:
            self._start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._calls.put(partial(_call, function, loop, future))
        return future

    def _start(self) -> None:
        self._is_started = True
        for number in range(self._count):
            threading.Thread(target=self._serve, name=f"pages_{number}", daemon=True).start()

    def _serve(self) -> None:
        while True:
            self._calls.get()()


def _call(function: Callable[[], T], loop: asyncio.AbstractEventLoop, future: "asyncio.Future[T]") -> None:
    """Complete `future`, unless it was cancelled, or its loop was closed meanwhile."""
    complete: Callable[[], None]
    try:
        complete = partial(future.set_result, function())
    except BaseException as error:
        complete = partial(future.set_exception, error)
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(lambda: None if future.done() else complete())


def _content_length(environ: WSGIEnvironment) -> int:
    text = environ.get("CONTENT_LENGTH", "")
    return int(text) if text.isascii() and text.isdigit() else 0


class BufferedResponse:
    """The response of a WSGI application, read in pieces in the thread that runs it."""

    status = 500
    headers: list[tuple[bytes, bytes]]

    def __init__(self, wsgi: Wsgi, environ: WSGIEnvironment) -> None:
        self._iterable = wsgi(environ, self._start)
        self._chunks: Iterator[bytes] = iter(self._iterable)
        self.has_more = True
        self.read()

    def _start(self, status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> None:
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

    def read(self) -> None:
        """Read the next piece; close the response after its last one."""
        chunks, size = [], 0
        for chunk in self._chunks:
            chunks.append(chunk)
            size += len(chunk)
            if size >= PIECE_BYTES:
                break
        else:
            self.has_more = False
            if hasattr(self._iterable, "close"):
                self._iterable.close()
        self.piece = b"".join(chunks)


def _environ(scope: Scope) -> WSGIEnvironment:
    """Return the WSGI environment of a request (PEP 3333)."""
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": StringIO(),  # the application has its own log
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name:  # it would become the same key as the one with hyphens, which a proxy may have set
            continue
        key, text = _environ_key(name), value.decode("latin-1")
        separator = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{separator}{text}" if key in environ else text
    return environ


def _environ_key(name: bytes) -> str:
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
