"""The door-bell of the stream: who has written rings, hubs look. A ring that is lost costs a moment, never an event.

Within a process a hub is woken directly; between processes by Redis where there is one, else each looks by itself.
"""

import asyncio
from contextlib import suppress
from typing import Any, Protocol

from redis import Redis, RedisError
from redis import asyncio as redis_asyncio

from madang.core.circuit_breaker import OPEN_SECONDS, redis_breaker

CHANNEL = "madang:live"
TIMEOUT_SECONDS = 0.5


class Wakeable(Protocol):
    def wake(self) -> None: ...


class Wakeup:
    """Wakes the hubs of this process, and through Redis those of the others."""

    def __init__(self, redis_url: str | None) -> None:
        self.hubs: list[Any] = []
        self.is_connected = False  # Redis tells us when others ring
        self._url = redis_url
        self._redis = _connect(redis_url) if redis_url else None

    def wake_listeners(self) -> None:
        """Say that there is something new; never fails."""
        for hub in tuple(self.hubs):
            hub.wake()
        if self._redis is None or redis_breaker.is_open:
            return
        try:
            self._redis.publish(CHANNEL, b"")
        except (RedisError, OSError) as error:
            redis_breaker.record_failure(error)
        else:
            redis_breaker.record_success()

    async def listen(self, hub: Wakeable) -> None:
        """Wake `hub` whenever another process rings; comes back to Redis after it was away."""
        while self._url:
            with suppress(RedisError, OSError):
                await self._hear_until_it_breaks(hub)
            self.is_connected = False
            redis_breaker.record_failure()
            hub.wake()  # from now on it looks by itself
            await asyncio.sleep(OPEN_SECONDS)

    async def _hear_until_it_breaks(self, hub: Wakeable) -> None:
        client = redis_asyncio.Redis.from_url(self._url or "", socket_connect_timeout=TIMEOUT_SECONDS)
        async with client, client.pubsub() as heard:
            await heard.subscribe(CHANNEL)
            self.is_connected = True
            redis_breaker.record_success()
            hub.wake()  # somebody may have rung while we were away
            async for message in heard.listen():
                if message["type"] == "message":
                    hub.wake()


_bell = [Wakeup(None)]


def connect(redis_url: str | None) -> None:
    """Ring through Redis when there is one."""
    _bell[:] = [Wakeup(redis_url)]


def process_wakeup() -> Wakeup:
    """The door-bell of this process."""
    return _bell[0]


def wake_listeners() -> None:
    """Say that the stream has something new."""
    _bell[0].wake_listeners()


def _connect(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)
