"""The hub of a process: polls the table of events once for all listeners, and sends them their events."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from madang.core import instruments
from madang.core.db.failures import log_error

from .asgi import Receive, Send
from .events import SESSION_ENDED, Event, EventSource, Ticket, sse_message
from .listeners import HEARTBEAT, STREAM_HEADERS, Listener
from .memory import trim_memory
from .wakeup import Wakeup

POLL_SECONDS = 0.4
POLL_SECONDS_WITH_WAKEUP = 5.0
RETRY_SECONDS = 1.0
END_SECONDS = 1.0
HEARTBEAT_SECONDS = 15
MAX_STREAM_SECONDS = 3600
TRIM_COUNT = 1_000  # after so many listeners have left, free memory is returned
BATCH_SIZE = 200  # messages sent before other tasks have their turn in the event loop
Key = TypeVar("Key")
log = logging.getLogger("madang.live")


class Hub:
    """The listeners of this process, and the one reader of events for all of them."""

    def __init__(self, source: EventSource, wakeup: Wakeup) -> None:
        self.source, self.wakeup = source, wakeup
        self.listeners: dict[Listener, None] = {}
        self._by_user: dict[int, dict[Listener, None]] = {}
        self._by_topic: dict[str, dict[Listener, None]] = {}
        self._behind: dict[Listener, None] = {}  # not yet sent the events up to `_last`
        self._last: int | None = None
        self._peak_count = self._last_count = 0
        self._is_closing = False
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Start reading. Must be called in the event loop."""
        self._loop = asyncio.get_running_loop()
        coroutines = (self._poll(), self._send_heartbeats(), self.wakeup.listen(self))
        instruments.measure_process()
        self._tasks = [self._loop.create_task(coroutine) for coroutine in coroutines]
        self.wakeup.hubs.append(self)

    async def stop(self) -> None:
        self.close()
        self.wakeup.hubs.remove(self)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._pool.shutdown(wait=False)

    def wake(self) -> None:
        """Read new events now. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)

    def close(self) -> None:
        """Close all streams, and those that still come, so that the server need not wait for clients to disconnect."""
        self._is_closing = True
        for listener in tuple(self.listeners):
            listener.end()

    def count(self, user_id: int) -> int:
        """Return the number of open streams of a user in this process."""
        return len(self._by_user.get(user_id, ()))

    async def serve(
        self, ticket: Ticket, first_part: bytes, headers: list[tuple[bytes, bytes]], receive: Receive, send: Send
    ) -> None:
        """Keep a stream open until the client disconnects or the hub closes it."""
        task = asyncio.current_task()
        assert task is not None
        await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS + headers})
        await send({"type": "http.response.body", "body": first_part, "more_body": True})
        if self._is_closing:
            await send({"type": "http.response.body", "body": b""})
            return
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
            is_closed_here, listener.is_ended = listener.is_ended, True
            self._remove(listener)
        if is_closed_here:
            with contextlib.suppress(TimeoutError):  # the buffer may be full
                async with asyncio.timeout(END_SECONDS):
                    await send({"type": "http.response.body", "body": b""})

    def _add(self, listener: Listener) -> None:
        self.listeners[listener] = None
        instruments.listeners.set(len(self.listeners))
        self._by_user.setdefault(listener.ticket.user_id, {})[listener] = None
        for topic in listener.ticket.topics:
            self._by_topic.setdefault(topic, {})[listener] = None
        if self._last is None:
            self._last = listener.last
        elif listener.last < self._last:
            self._behind[listener] = None
        else:
            return  # newer events wake the hub, or the next poll reads them
        self._woken.set()

    def _remove(self, listener: Listener) -> None:
        self.listeners.pop(listener, None)
        instruments.listeners.set(len(self.listeners))
        self._behind.pop(listener, None)
        _discard(self._by_user, listener.ticket.user_id, listener)
        for topic in listener.ticket.topics:
            _discard(self._by_topic, topic, listener)

    async def _poll(self) -> None:
        """Read events whenever the hub is woken, and periodically while there are listeners."""
        loop, has_failed = asyncio.get_running_loop(), False
        while True:
            await self._wait_for_events(self.wakeup.is_connected)
            try:
                while self.listeners and await self._read_once(loop):
                    pass
                if not self.listeners:
                    self._last = None  # nobody needs the events until the next listener
                has_failed = False
            except Exception as error:
                if not has_failed:
                    log_error(log, "the stream cannot be read; it is tried again every second", error)
                has_failed = True
                await asyncio.sleep(RETRY_SECONDS)

    async def _wait_for_events(self, is_connected: bool) -> None:
        seconds = (POLL_SECONDS_WITH_WAKEUP if is_connected else POLL_SECONDS) if self.listeners else None
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()

    async def _read_once(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Read and send one batch of events; return whether there may be more.

        Only this task changes `_last` while there are listeners. A listener that comes while it waits and needs older
        events stays in `_behind`, and receives nothing, until the next call.
        """
        last, behind = self._last, tuple(self._behind)
        if last is None:
            return False
        events = await loop.run_in_executor(self._pool, self.source.events_after, last)
        up_to = events[-1].id if events else last
        for listener in behind:
            await self._catch_up(loop, listener, up_to)
        await self._send_all(events)
        self._last = up_to
        return bool(events)

    async def _catch_up(self, loop: asyncio.AbstractEventLoop, listener: Listener, up_to: int) -> None:
        """Send a listener the events between its own last one and `up_to`."""
        while not listener.is_ended:
            missed = await loop.run_in_executor(
                self._pool, self.source.events_for, listener.ticket, listener.last, up_to
            )
            for event in missed:
                listener.send_now(sse_message(event))
                listener.last = event.id
            if not missed:
                listener.last = max(listener.last, up_to)
                break
        self._behind.pop(listener, None)

    async def _send_all(self, events: Iterable[Event]) -> None:
        count = 0
        for event in events:
            if event.name == SESSION_ENDED:
                self._end_sessions(event)
                continue
            message = sse_message(event)
            for listener in self._listeners_of(event):
                if listener.last < event.id and listener not in self._behind:
                    listener.send_now(message)
                    listener.last = event.id
                count += 1
                if count % BATCH_SIZE == 0:
                    await asyncio.sleep(0)

    def _listeners_of(self, event: Event) -> tuple[Listener, ...]:
        if event.user_id is not None:
            return tuple(self._by_user.get(event.user_id, ()))
        return tuple(self._by_topic.get(event.topic or "", ()))

    def _end_sessions(self, event: Event) -> None:
        """Close the streams of a user, of a topic or of everybody; of a user those of the sessions in the payload."""
        session_ids = event.payload.get("session_ids")
        is_for_some = event.user_id is not None or event.topic is not None
        for listener in self._listeners_of(event) if is_for_some else tuple(self.listeners):
            if not isinstance(session_ids, list) or listener.ticket.session_id in session_ids:
                listener.end()

    async def _send_heartbeats(self) -> None:
        """Send heartbeats every 15 seconds, to a fifteenth of the listeners each second; end streams after an hour."""
        loop, part = asyncio.get_running_loop(), 0
        while True:
            await asyncio.sleep(1)
            self.trim_if_calm()
            part = (part + 1) % HEARTBEAT_SECONDS
            if part == 0:
                instruments.measure_process()
            oldest = loop.time() - MAX_STREAM_SECONDS
            for number, listener in enumerate(tuple(self.listeners)):
                if listener.since < oldest:
                    listener.end()
                elif number % HEARTBEAT_SECONDS == part:
                    listener.send_now(HEARTBEAT)
                if number % (BATCH_SIZE * HEARTBEAT_SECONDS) == 0:
                    await asyncio.sleep(0)

    def trim_if_calm(self) -> None:
        """Return free memory once many listeners have left and their number is stable. Called each second."""
        count = len(self.listeners)
        is_calm, self._last_count = count == self._last_count, count
        self._peak_count = max(self._peak_count, count)
        if is_calm and self._peak_count - count >= TRIM_COUNT:
            self._peak_count = count
            trim_memory()


def _discard(index: dict[Key, dict[Listener, None]], key: Key, listener: Listener) -> None:
    listeners = index.get(key, {})
    listeners.pop(listener, None)
    if not listeners:
        index.pop(key, None)
