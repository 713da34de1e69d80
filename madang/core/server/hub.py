"""The listeners of this process, and the one reader of the stream's table for all of them."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .asgi import Receive, Send
from .events import ENDED, Event, EventSource, Ticket, sse_message
from .listeners import HEADERS, HEARTBEAT, Listener
from .memory import trim_memory
from .wakeup import Wakeup

POLL_SECONDS = 0.4
POLL_SECONDS_WITH_WAKEUP = 5.0
RETRY_SECONDS = 1.0
END_SECONDS = 1.0
HEARTBEAT_SECONDS = 15
LONGEST_STREAM_SECONDS = 3600
MANY = 1_000  # when so many have left, their memory is given back
AT_ONCE = 200  # listeners told before others have their turn in the event loop
log = logging.getLogger("madang.live")


class Hub:
    """The listeners of this process, and the one reader of the stream for all of them."""

    def __init__(self, source: EventSource, bell: Wakeup) -> None:
        self.source, self.bell = source, bell
        self.listeners: dict[Listener, None] = {}
        self._by_user: dict[int, dict[Listener, None]] = {}
        self._by_topic: dict[str, dict[Listener, None]] = {}
        self._late: list[Listener] = []
        self._last: int | None = None
        self._most = self._present = 0
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._rung = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Begin to read; called in the event loop."""
        self._loop = asyncio.get_running_loop()
        self._tasks = [self._loop.create_task(part) for part in (self._read_on(), self._beat(), self.bell.listen(self))]
        self.bell.hubs.append(self)

    async def stop(self) -> None:
        self.close()
        self.bell.hubs.remove(self)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._pool.shutdown(wait=False)

    def wake(self) -> None:
        """Look for new events now; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._rung.set)

    def close(self) -> None:
        """End every stream, so that the server need not wait for readers who never leave."""
        for listener in tuple(self.listeners):
            listener.end()

    def count(self, user_id: int) -> int:
        """How many streams of a person are open here."""
        return len(self._by_user.get(user_id, ()))

    async def serve(
        self, ticket: Ticket, hello: bytes, headers: list[tuple[bytes, bytes]], receive: Receive, send: Send
    ) -> None:
        """Keep a stream open until the reader leaves or it is ended."""
        task = asyncio.current_task()
        assert task is not None
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS + headers})
        await send({"type": "http.response.body", "body": hello, "more_body": True})
        listener = Listener(ticket, send, task, asyncio.get_running_loop().time())
        self._add(listener)
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            if not listener.is_ended:
                raise
            task.uncancel()
        finally:
            is_cut_off, listener.is_ended = listener.is_ended, True
            self._remove(listener)
        if is_cut_off:
            with contextlib.suppress(TimeoutError):  # whose buffer is full may not hear of the end
                async with asyncio.timeout(END_SECONDS):
                    await send({"type": "http.response.body", "body": b""})

    def _add(self, listener: Listener) -> None:
        self.listeners[listener] = None
        self._by_user.setdefault(listener.ticket.user_id, {})[listener] = None
        for topic in listener.ticket.topics:
            self._by_topic.setdefault(topic, {})[listener] = None
        if self._last is not None and listener.last >= self._last:
            return  # whoever wrote after that has rung, or the next look finds it
        if self._last is None:
            self._last = listener.last
        else:
            self._late.append(listener)
        self._rung.set()

    def _remove(self, listener: Listener) -> None:
        self.listeners.pop(listener, None)
        _take_out(self._by_user, listener.ticket.user_id, listener)
        for topic in listener.ticket.topics:
            _take_out(self._by_topic, topic, listener)
        if not self.listeners:
            self._last = None  # nobody needs what comes meanwhile

    async def _read_on(self) -> None:
        """Look for events for as long as anybody listens."""
        loop, has_failed = asyncio.get_running_loop(), False
        while True:
            await self._wait(self.bell.is_connected)
            try:
                while self.listeners and await self._look(loop):
                    pass
                has_failed = False
            except Exception:
                if not has_failed:
                    log.exception("the stream cannot be read; it is tried again every second")
                has_failed = True
                await asyncio.sleep(RETRY_SECONDS)

    async def _wait(self, is_heard: bool) -> None:
        seconds = (POLL_SECONDS_WITH_WAKEUP if is_heard else POLL_SECONDS) if self.listeners else None
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return
        self._rung.clear()

    async def _look(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Read what is new once, and hand it out. Whether there may be more."""
        last, late = self._last, self._late
        if last is None:
            return False
        self._late = []
        try:
            events = await loop.run_in_executor(self._pool, self.source.events_after, last)
            up_to = events[-1].id if events else last
            for listener in late:
                await self._catch_up(loop, listener, up_to)
        except BaseException:
            self._late += late
            raise
        await self._hand_out(events)
        if self._last is not None:
            self._last = max(self._last, up_to)
        return bool(events)

    async def _catch_up(self, loop: asyncio.AbstractEventLoop, listener: Listener, up_to: int) -> None:
        """Tell somebody who was away what they missed."""
        while not listener.is_ended:
            missed = await loop.run_in_executor(
                self._pool, self.source.events_for, listener.ticket, listener.last, up_to
            )
            for event in missed:
                listener.tell(sse_message(event))
                listener.last = event.id
            if not missed:
                listener.last = max(listener.last, up_to)
                return

    async def _hand_out(self, events: Iterable[Event]) -> None:
        told = 0
        for event in events:
            if event.name == ENDED:
                self._end_sessions(event)
                continue
            message = sse_message(event)
            for listener in self._audience(event):
                if listener.last < event.id:
                    listener.tell(message)
                    listener.last = event.id
                told += 1
                if told % AT_ONCE == 0:
                    await asyncio.sleep(0)

    def _audience(self, event: Event) -> tuple[Listener, ...]:
        if event.user_id is not None:
            return tuple(self._by_user.get(event.user_id, ()))
        return tuple(self._by_topic.get(event.topic or "", ()))

    def _end_sessions(self, event: Event) -> None:
        """Close a person's streams: those of the sessions that ended, or all of them."""
        ended = event.payload.get("session_ids")
        for listener in tuple(self._by_user.get(event.user_id or 0, ())):
            if ended is None or listener.ticket.session_id in ended:
                listener.end()

    async def _beat(self) -> None:
        """A sign of life to everybody every 15 seconds, a fifteenth each second; after an hour a stream begins anew."""
        loop, part = asyncio.get_running_loop(), 0
        while True:
            await asyncio.sleep(1)
            self.tidy()
            part = (part + 1) % HEARTBEAT_SECONDS
            oldest = loop.time() - LONGEST_STREAM_SECONDS
            for number, listener in enumerate(tuple(self.listeners)):
                if listener.since < oldest:
                    listener.end()
                elif number % HEARTBEAT_SECONDS == part:
                    listener.tell(HEARTBEAT)
                if number % (AT_ONCE * HEARTBEAT_SECONDS) == 0:
                    await asyncio.sleep(0)

    def tidy(self) -> None:
        """Each second: once many have left and nobody else is leaving, give their memory back."""
        present = len(self.listeners)
        is_calm, self._present = present == self._present, present
        self._most = max(self._most, present)
        if is_calm and self._most - present >= MANY:
            self._most = present
            trim_memory()


def _take_out(places: dict[Any, dict[Listener, None]], key: Any, listener: Listener) -> None:
    listeners = places.get(key)
    if listeners is not None:
        listeners.pop(listener, None)
        if not listeners:
            del places[key]
