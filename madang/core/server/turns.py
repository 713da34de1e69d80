"""Turns of expensive requests: those with a long body or a file wait in the event loop, where they hold no thread.

Rendering a long text takes a thread for up to seconds, and so does waiting for the picture process. Without turns, two
members at work would hold both threads of a process, and everybody else would wait behind their requests. Pictures have
turns and a thread of their own: they take the time of another process, so long texts need not wait for them.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import IO

from .asgi import Scope
from .clients import Client, Clients

UNSAFE_METHODS = ("POST", "PUT", "PATCH")
LONG_BODY_BYTES = 2_000
MAX_REQUESTS = 4  # of one client that have or await their turn
RETRY_AFTER_SECONDS = 5
FILE_NAME = re.compile(rb"filename(?!=\"\")", re.IGNORECASE)

Turn = AbstractAsyncContextManager[object]
TurnOf = Callable[[bool], Turn]  # the turn of a request, by whether its body has a file


class Turns:
    """Turns of requests with a long body or a file: one of a client at a time.

    In the process run `at_once` of those without a file, and one with files.
    """

    def __init__(self, *, at_once: int, clients: Clients) -> None:
        self.clients = clients
        self._without_file, self._with_file = asyncio.Semaphore(at_once), asyncio.Semaphore(1)
        self._locks: dict[Client, asyncio.Lock] = {}
        self._counts: Counter[Client] = Counter()

    @asynccontextmanager
    async def place(self, scope: Scope) -> AsyncIterator[TurnOf | None]:
        """Count a request while the block runs; yields a function for its turn, to be entered when its body is read.

        Yields None for a client that has `MAX_REQUESTS` already: refuse the request.
        """
        is_long = _has_long_body(scope)
        if not is_long and not is_multipart(scope):
            yield lambda _has_file: nullcontext()
            return
        client = self.clients.client_of(scope)
        if self._counts[client] >= MAX_REQUESTS:
            yield None
            return
        self._counts[client] += 1
        try:
            lock = self._locks.setdefault(client, asyncio.Lock())
            yield lambda has_file: self._turn(lock, has_file) if is_long or has_file else nullcontext()
        finally:
            self._counts[client] -= 1
            if not self._counts[client]:  # forget the client
                del self._counts[client], self._locks[client]

    @asynccontextmanager
    async def _turn(self, lock_of_client: asyncio.Lock, has_file: bool) -> AsyncIterator[None]:
        async with lock_of_client, self._with_file if has_file else self._without_file:
            yield


def is_multipart(scope: Scope) -> bool:
    """Whether the request's body may have files."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    is_form = any(name == b"content-type" and b"multipart" in value.lower() for name, value in headers)
    return is_form and scope["method"] in UNSAFE_METHODS


def has_file(body: IO[bytes]) -> bool:
    """Whether a multipart body has a file; browsers send an empty name for a field without one.

    A text that says "filename" counts too: it only waits for another turn.
    """
    content = body.read()
    body.seek(0)
    return FILE_NAME.search(content) is not None


def _has_long_body(scope: Scope) -> bool:
    if scope["method"] not in UNSAFE_METHODS:
        return False
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    return b"transfer-encoding" in headers or (length.isdigit() and int(length) > LONG_BODY_BYTES)
