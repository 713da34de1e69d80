"""Listens to `/events` as a browser does, at a gateway that runs in this process."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple

from flask import Flask

from madang.core.server.gateway import Gateway
from tests.timing import PATIENCE_SECONDS


class Heard(NamedTuple):
    id: int
    name: str
    payload: dict[str, Any]


class Stream:
    """One open stream, or the refusal of one."""

    def __init__(self) -> None:
        self.status = 0
        self.text = ""
        self.is_over = False
        self.beats = 0
        self.events: asyncio.Queue[Heard] = asyncio.Queue()
        self.left = asyncio.Event()
        self.is_stuck = False
        self._begun = False

    async def receive(self) -> dict[str, Any]:
        if not self._begun:
            self._begun = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        if self.is_stuck:
            await asyncio.Event().wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        self.text += message.get("body", b"").decode()
        while "\n\n" in self.text:
            block, self.text = self.text.split("\n\n", 1)
            self.beats += block.startswith(":")
            lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "event" in lines:
                self.events.put_nowait(Heard(int(lines["id"]), lines["event"], json.loads(lines["data"])))
        self.is_over = not message.get("more_body", False)

    async def next(self, name: str) -> Heard:
        """The next event of that name; fails when none comes."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (heard := await self.events.get()).name != name:
                pass
        return heard

    async def names(self) -> list[str]:
        """What has come until nothing more comes for a moment."""
        heard = []
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout(0.8):
                    heard.append((await self.events.get()).name)
        return heard

    async def end(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self.is_over:
                await asyncio.sleep(0.01)


class Listening:
    """A gateway that serves streams; people come with their browsers' cookies."""

    def __init__(self, app: Flask) -> None:
        self.gateway = Gateway(app)

    @asynccontextmanager
    async def open(self, person: Any, query: str = "", last: str | None = None) -> AsyncIterator[Stream]:
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
        task = asyncio.create_task(self.gateway(scope, stream.receive, stream.send))  # type: ignore[arg-type]
        try:
            if await _begins(stream, task):
                assert (await stream.next("hello")).id >= 0
            yield stream
        finally:
            stream.left.set()
            await asyncio.wait([task], timeout=PATIENCE_SECONDS)


async def _begins(stream: Stream, task: "asyncio.Task[None]") -> bool:
    """Wait for the answer; whether it is a stream."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not stream.status and not task.done():
            await asyncio.sleep(0.005)
        if stream.status != 200:
            await asyncio.wait([task])
    return stream.status == 200


def listen(app: Flask, scene: Callable[[Listening], Any]) -> None:
    """Play `scene` with the hub at work."""

    async def play() -> None:
        listening = Listening(app)
        listening.gateway.hub.start()
        try:
            await scene(listening)
        finally:
            await listening.gateway.hub.stop()

    asyncio.run(play())
