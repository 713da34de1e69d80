"""A client of `/events` and an in-process gateway that serves it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

from flask import Flask

from madang.core.server.asgi import Message
from madang.core.server.gateway import Gateway
from tests.people import Person
from tests.timing import TIMEOUT_SECONDS


class ReceivedEvent(NamedTuple):
    id: int
    name: str
    payload: dict[str, object]


class Stream:
    """One request of `/events`: an open stream or an error response."""

    def __init__(self) -> None:
        self.status = 0
        self.text = ""
        self.is_closed = False
        self.heartbeat_count = 0
        self.events: asyncio.Queue[ReceivedEvent] = asyncio.Queue()
        self.disconnected = asyncio.Event()
        self.is_stuck = False
        self._has_started = False

    async def receive(self) -> Message:
        if not self._has_started:
            self._has_started = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.disconnected.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.is_stuck:
            await asyncio.Event().wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        self.text += message.get("body", b"").decode()
        while "\n\n" in self.text:
            block, self.text = self.text.split("\n\n", 1)
            self.heartbeat_count += block.startswith(":")
            lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "event" in lines:
                self.events.put_nowait(ReceivedEvent(int(lines["id"]), lines["event"], json.loads(lines["data"])))
        self.is_closed = not message.get("more_body", False)

    async def next(self, name: str) -> ReceivedEvent:
        """Wait for the next event of that name; fail on a timeout."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while (received := await self.events.get()).name != name:
                pass
        return received

    async def remaining_names(self) -> list[str]:
        """The names of further events, until none comes for a moment."""
        received = []
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout(0.8):
                    received.append((await self.events.get()).name)
        return received

    async def wait_closed(self) -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while not self.is_closed:
                await asyncio.sleep(0.01)


class StreamServer:
    """A gateway that serves streams to people by their session cookies."""

    def __init__(self, app: Flask) -> None:
        self.gateway = Gateway(app)

    @asynccontextmanager
    async def open(self, person: Person, query: str = "", last: str | None = None) -> AsyncIterator[Stream]:
        cookie = person.client.get_cookie(person.app.config["SESSION_COOKIE_NAME"])
        headers = [(b"host", b"yard.example")]
        if cookie:
            headers.append((b"cookie", f"{cookie.key}={cookie.value}".encode()))
        if last is not None:
            headers.append((b"last-event-id", last.encode()))
        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "path": "/events", "scheme": "http",
            "query_string": query.encode(), "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 1),
        }  # fmt: skip
        stream = Stream()
        task = asyncio.create_task(self.gateway(scope, stream.receive, stream.send))
        try:
            if await _wait_for_start(stream, task):
                assert (await stream.next("hello")).id >= 0
            yield stream
        finally:
            stream.disconnected.set()
            await asyncio.wait([task], timeout=TIMEOUT_SECONDS)


async def _wait_for_start(stream: Stream, task: "asyncio.Task[None]") -> bool:
    """Wait for the response; return whether it is a stream."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not stream.status and not task.done():
            await asyncio.sleep(0.005)
        if stream.status != 200:
            await asyncio.wait([task])
    return stream.status == 200


def run_with_streams(app: Flask, scenario: Callable[[StreamServer], Awaitable[None]]) -> None:
    """Run the coroutine function `scenario` with the hub running."""

    async def run() -> None:
        streams = StreamServer(app)
        streams.gateway.hub.start()
        try:
            await scenario(streams)
        finally:
            await streams.gateway.hub.stop()

    asyncio.run(run())
