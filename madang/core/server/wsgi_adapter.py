"""Flask behind the event loop: one hop to a thread for a request, one back with the whole answer.

a2wsgi, which does the same for any application, sends every piece through a queue and a task of its own, for 0.5 ms a
request. Here a request's body is read first, and a long answer goes out a megabyte at a time.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from queue import SimpleQueue
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from .asgi import Receive, Scope, Send

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
IN_MEMORY = 1024 * 1024
PIECE = 1024 * 1024


class WsgiAdapter:
    """The WSGI application `wsgi` as an ASGI one, in `threads` threads; bodies over `most` bytes are not read."""

    def __init__(self, wsgi: Wsgi, *, threads: int, most: int) -> None:
        self.wsgi = wsgi
        self.most = most
        self.threads = ThreadPool(threads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        environ = _environ(scope)
        body = await self._read(environ, receive)
        if body is None:
            return
        environ["wsgi.input"] = body
        answer = await self.threads.run(BufferedResponse, self.wsgi, environ)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        while answer.has_more:
            await send({"type": "http.response.body", "body": answer.piece, "more_body": True})
            await self.threads.run(answer.read)
        await send({"type": "http.response.body", "body": answer.piece})

    async def _read(self, environ: dict[str, Any], receive: Receive) -> IO[bytes] | None:
        """The request's body; None if they left. What is too long is cut past the limit: the application refuses it."""
        if "CONTENT_LENGTH" not in environ and "HTTP_TRANSFER_ENCODING" not in environ:
            return BytesIO()
        if _length(environ) > self.most:
            return BytesIO()
        body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (closed with the request)
        more = True
        while more and body.tell() <= self.most:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body.write(message.get("body", b""))
            more = message.get("more_body", False)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ["CONTENT_LENGTH"] = str(body.tell())
        body.seek(0)
        return body


class ThreadPool:
    """A few threads that do what the event loop must not wait for.

    An executor's futures have locks of their own and are copied into asyncio's: a tenth of the emptiest page.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._begun = False
        self._work: SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Future[Any], Callable[..., Any], Any]]
        self._work = SimpleQueue()

    def run(self, function: Callable[..., Any], *arguments: Any) -> "asyncio.Future[Any]":
        """What `function` gives or raises, once a thread has done it."""
        if not self._begun:
            self._begin()
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._work.put((loop, future, function, arguments))
        return future

    def _begin(self) -> None:
        self._begun = True
        for number in range(self._count):
            threading.Thread(target=self._serve, name=f"pages_{number}", daemon=True).start()

    def _serve(self) -> None:
        while True:
            loop, future, function, arguments = self._work.get()
            end: Callable[..., None] = _give
            try:
                outcome = function(*arguments)
            except BaseException as error:
                end, outcome = _fail, error
            with suppress(RuntimeError):  # the loop has ended meanwhile: nobody waits any more
                loop.call_soon_threadsafe(end, future, outcome)
            del loop, future, function, arguments, outcome  # nothing is held while waiting for the next


def _give(future: "asyncio.Future[Any]", outcome: Any) -> None:
    if not future.done():
        future.set_result(outcome)


def _fail(future: "asyncio.Future[Any]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


def _length(environ: dict[str, Any]) -> int:
    written = environ.get("CONTENT_LENGTH", "")
    return int(written) if written.isascii() and written.isdigit() else 0


class BufferedResponse:
    """What the application answers, read a piece at a time in its thread."""

    status = 500
    headers: list[tuple[bytes, bytes]]

    def __init__(self, wsgi: Wsgi, environ: dict[str, Any]) -> None:
        self._iterable = wsgi(environ, self._start)
        self._parts: Iterator[bytes] = iter(self._iterable)
        self.has_more = True
        self.read()

    def _start(self, status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> None:
        self.status = int(status[:3])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

    def read(self) -> None:
        """Read the next piece; closes the answer after its last."""
        parts, size = [], 0
        for part in self._parts:
            parts.append(part)
            size += len(part)
            if size >= PIECE:
                break
        else:
            self.has_more = False
            if hasattr(self._iterable, "close"):
                self._iterable.close()
        self.piece = b"".join(parts)


def _environ(scope: Scope) -> dict[str, Any]:
    """The request as PEP 3333 has it."""
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
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
        "wsgi.errors": _Errors(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name:  # it would pass for the one with a hyphen, which a proxy may have written
            continue
        key, written = _header(name), value.decode("latin-1")
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{written}" if key in environ else written
    return environ


class _Errors:
    """Nothing writes here; the application has its own log."""

    def write(self, _text: str) -> None: ...

    def flush(self) -> None: ...


def _header(name: bytes) -> str:
    key = name.decode("latin-1").upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
