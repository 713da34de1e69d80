"""Copies that are still right, confirmed in the event loop: the same question again, and nothing was written since.

Only a question that Flask has answered with 304, and called steady, is answered so, and only where it comes again byte
for byte, its credentials among them. Whatever was written meanwhile, by whichever process, sends it to Flask again: an
edit, a vote, a name, and a token that was taken back. What runs out by the clock alone (`core/rest/steady.py`) comes
with the answer. SQLite says in microseconds whether anything was written; the servers cannot, so that on them nothing
is confirmed here.
"""

import sqlite3
from collections.abc import Callable
from secrets import token_hex
from time import time

from sqlalchemy.engine import make_url

from .pagecache import Application, Message, Receive, Scope, Send
from .web import API, STEADY_UNTIL

MOST_KEPT, MOST_HEADER_BYTES = 2_000, 4_096
# Who sends a cookie may be sent another; a name for one request and what is left to a caller are of that request alone.
NOT_CONFIRMED_FOR = {b"cookie", b"content-length", b"transfer-encoding", b"x-request-id"}
OF_ONE_REQUEST = {b"x-request-id", b"ratelimit", b"ratelimit-policy"}
Key = tuple[object, ...]
Version = Callable[[], int | None]


class DataVersion:
    """A number that changes whenever anybody, in any process, has committed something to a SQLite database.

    A connection of its own that only asks; it belongs to the thread that asks first.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def __call__(self) -> int | None:
        """The number; None where the database does not say it at once."""
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=0)
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error:
            return None


def version_of(database_url: str) -> Version:
    """What says whether anything was written to this database."""
    url = make_url(database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return DataVersion(url.database or "") if is_file else lambda: None


class Confirmations:
    """Stands before `application`; `version()` says what has been written by now, or None if that is not known."""

    def __init__(self, application: Application, version: Version) -> None:
        self.application, self.version = application, version
        self._known: int | None = None
        self._kept: dict[Key, tuple[float, Message]] = {}  # until when it holds, and how it begins; of `_known` alone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        version = self.version() if key is not None else None  # before anything is read for an answer
        if key is None or version is None:
            await self.application(scope, receive, send)
            return
        if version != self._known:
            self._known, self._kept = version, {}
        until, start = self._kept.get(key, (0.0, None))
        if start is None or until <= time():
            await self.application(scope, receive, self._noting(key, version, send))
            return
        await send({**start, "headers": [*start["headers"], (b"x-request-id", token_hex(8).encode())]})
        await send({"type": "http.response.body", "body": b""})

    def _noting(self, key: Key, version: int, send: Send) -> Send:
        """`send`, which keeps what may be said again."""

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 304 and version == self._known:
                self._keep(key, message)
            await send(message)

        return noting

    def _keep(self, key: Key, start: Message) -> None:
        headers = dict(start["headers"])
        until = headers.get(STEADY_UNTIL.lower().encode())
        if until is None or b"set-cookie" in headers:
            return
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        of_all = [(name, value) for name, value in start["headers"] if name not in OF_ONE_REQUEST]
        self._kept[key] = float(until), {**start, "headers": of_all}


def _key(scope: Scope) -> Key | None:
    """The whole question; None where it must not be answered here."""
    headers = tuple(scope["headers"])
    if scope["method"] != "GET" or not scope["path"].startswith(API):
        return None
    names = {name for name, _value in headers}
    if b"if-none-match" not in names or names & NOT_CONFIRMED_FOR:
        return None
    if sum([len(value) for _name, value in headers]) > MOST_HEADER_BYTES:
        return None
    return scope["path"], scope["query_string"], scope.get("scheme"), headers
