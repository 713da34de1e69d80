"""The hub with listeners that come and go while it reads: none misses an event or receives one twice."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from madang.core.server.events import Event, Ticket
from madang.core.server.hub import Hub
from madang.core.server.wakeup import Wakeup
from tests.notifications.stream_client import Stream
from tests.timing import TIMEOUT_SECONDS


class PausedSource:
    """Events of one topic. Each read by the hub waits until it is allowed."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.reading, self.allowed = threading.Semaphore(0), threading.Semaphore(0)

    def events_after(self, event_id: int) -> Sequence[Event]:
        events = self._between(event_id, max(self.ids))
        self.reading.release()
        assert self.allowed.acquire(timeout=TIMEOUT_SECONDS)
        return events

    def events_for(self, ticket: Ticket, event_id: int, up_to: int) -> Sequence[Event]:
        return self._between(max(ticket.after, event_id), up_to)

    def _between(self, after: int, up_to: int) -> Sequence[Event]:
        ids = [each for each in self.ids if after < each <= up_to]
        return [Event(each, None, "post:1", "answer_posted", {"id": each}) for each in ids]

    async def wait_for_read(self) -> None:
        """Wait until the hub has queried the events and waits for the result."""
        assert await asyncio.to_thread(self.reading.acquire, timeout=TIMEOUT_SECONDS)

    def allow_reads(self, count: int = 1_000) -> None:
        self.allowed.release(count)


class Listeners:
    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    @asynccontextmanager
    async def open(self, after: int):
        stream = Stream()
        ticket = Ticket(1, 1, ("post:1",), after)
        task = asyncio.create_task(self.hub.serve(ticket, b"", [], stream.receive, stream.send))
        while not any(listener.task is task for listener in self.hub.listeners):
            await asyncio.sleep(0)
        yield stream
        stream.disconnected.set()
        await task


def _run(source: PausedSource, scenario: Callable[[Listeners], Awaitable[None]]) -> None:
    async def run() -> None:
        hub = Hub(source, Wakeup(None))
        hub.start()
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await scenario(Listeners(hub))
        finally:
            source.allow_reads()
            await hub.stop()

    asyncio.run(run())


async def _ids(stream: Stream, count: int) -> list[int]:
    return [(await stream.next("answer_posted")).id for _number in range(count)]


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_listener_that_comes_while_the_hub_reads_for_one_that_left_receives_what_it_missed(after):
    source = PausedSource()
    source.ids = [1, 2, 3]

    async def scenario(listeners):
        async with listeners.open(after=3):
            await source.wait_for_read()
        async with listeners.open(after=after) as second:
            source.allow_reads()
            assert await _ids(second, 3 - after) == [1, 2, 3][after:]
            source.ids.append(4)
            listeners.hub.wake()
            assert await _ids(second, 1) == [4]

    _run(source, scenario)


@pytest.mark.parametrize("after", [0, 1, 2, 3])
@pytest.mark.parametrize("stays", [True, False])
def test_a_listener_that_comes_while_new_events_are_read_receives_older_ones_first(after, stays):
    source = PausedSource()
    source.ids = [1, 2, 3, 4]

    async def scenario(listeners):
        async with listeners.open(after=3) as first:
            await source.wait_for_read()
            if not stays:
                first.disconnected.set()
                while listeners.hub.listeners:
                    await asyncio.sleep(0)
            async with listeners.open(after=after) as second:
                source.allow_reads()
                assert await _ids(second, 4 - after) == [1, 2, 3, 4][after:]
                source.ids.append(5)
                listeners.hub.wake()
                assert await _ids(second, 1) == [5]
                assert second.events.empty()
            if stays:
                assert await _ids(first, 2) == [4, 5]

    _run(source, scenario)


def test_a_listener_that_is_behind_is_served_after_a_failed_read():
    source = PausedSource()
    source.ids = [1, 2]
    failures = iter([True])

    working = source.events_for

    def events_for(ticket: Ticket, event_id: int, up_to: int) -> Sequence[Event]:
        if next(failures, False):
            raise ConnectionError("the database is away")
        return working(ticket, event_id, up_to)

    source.events_for = events_for

    async def scenario(listeners):
        source.allow_reads()
        async with listeners.open(after=2), listeners.open(after=0) as second:
            assert await _ids(second, 2) == [1, 2]

    _run(source, scenario)


def test_a_stream_that_begins_while_the_server_stops_is_ended_at_once():
    async def scenario() -> None:
        hub = Hub(PausedSource(), Wakeup(None))
        hub.close()
        sent: list[dict] = []

        async def send(message: dict) -> None:
            sent.append(message)

        async with asyncio.timeout(TIMEOUT_SECONDS):
            await hub.serve(Ticket(1, 1, ("post:1",), 0), b"hello", [], asyncio.Event().wait, send)
        assert [message.get("body") for message in sent[1:]] == [b"hello", b""]
        assert not sent[-1].get("more_body")

    asyncio.run(scenario())
