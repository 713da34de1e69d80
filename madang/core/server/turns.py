"""Turns of expensive requests: those with a long body wait in the event loop, where they hold no thread.

Rendering a long text or decoding a picture takes a thread for up to seconds. Without turns, two members at work would
hold both threads of a process, and everybody else would wait behind their requests.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from .asgi import Scope

UNSAFE_METHODS = ("POST", "PUT", "PATCH")
LONG_BODY_BYTES = 16_000
MAX_REQUESTS = 4  # of one client that have or await their turn
RETRY_AFTER_SECONDS = 5

Turn = AbstractAsyncContextManager[object]


class Turns:
    """Turns of requests with a long body: one of a client and `at_once` in the process at a time."""

    def __init__(self, *, at_once: int, session_cookie: str) -> None:
        self._cookie = f"{session_cookie}=".encode()
        self._all = asyncio.Semaphore(at_once)
        self._locks: dict[bytes, asyncio.Lock] = {}
        self._counts: Counter[bytes] = Counter()

    @asynccontextmanager
    async def place(self, scope: Scope) -> AsyncIterator[Turn | None]:
        """Count a request while the block runs; yields its turn, to be entered when its body is read.

        Yields None for a client that has `MAX_REQUESTS` already: refuse the request.
        """
        if not _has_long_body(scope):
            yield nullcontext()
            return
        client = self._client_of(scope)
        if self._counts[client] >= MAX_REQUESTS:
            yield None
            return
        self._counts[client] += 1
        try:
            yield self._turn(self._locks.setdefault(client, asyncio.Lock()))
        finally:
            self._counts[client] -= 1
            if not self._counts[client]:  # forget the client
                del self._counts[client], self._locks[client]

    @asynccontextmanager
    async def _turn(self, lock_of_client: asyncio.Lock) -> AsyncIterator[None]:
        async with lock_of_client, self._all:
            yield

    def _client_of(self, scope: Scope) -> bytes:
        """What identifies a client: its token or session, else its address."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        for name, value in headers:
            if name == b"authorization":
                return value
        for name, value in headers:
            for pair in value.split(b";") if name == b"cookie" else ():
                if pair.strip().startswith(self._cookie):
                    return pair.strip()
        return str((scope.get("client") or ("",))[0]).encode()


def _has_long_body(scope: Scope) -> bool:
    if scope["method"] not in UNSAFE_METHODS:
        return False
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    return b"transfer-encoding" in headers or (length.isdigit() and int(length) > LONG_BODY_BYTES)
