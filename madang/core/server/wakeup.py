"""Wake-up calls for the hubs after new events: directly within a process, through Redis between processes.

A lost call delays an event until the next poll, but loses none. Without Redis each process polls.
"""

import asyncio
from contextlib import suppress
from typing import Protocol

from redis import Redis, RedisError
from redis import asyncio as redis_asyncio

from madang.core.circuit_breaker import OPEN_SECONDS, redis_breaker

CHANNEL = "madang:live"
TIMEOUT_SECONDS = 0.5


class Wakeable(Protocol):
    """A hub."""

    def wake(self) -> None: ...

    def count(self, user_id: int) -> int: ...


class Wakeup:
    """Wakes the hubs of this process, and through Redis those of the others."""

    def __init__(self, redis_url: str | None) -> None:
        self.hubs: list[Wakeable] = []
        self.is_connected = False  # to the channel of the other processes
        self._url = redis_url
        self._redis = _connect(redis_url) if redis_url else None

    def wake_listeners(self) -> None:
        """Wake all hubs. Never raises."""
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
        """Wake `hub` at each call of another process; reconnect to Redis after failures."""
        while self._url:
            with suppress(RedisError, OSError):
                await self._listen_until_error(hub)
            self.is_connected = False
            redis_breaker.record_failure()
            hub.wake()  # it polls faster now
            await asyncio.sleep(OPEN_SECONDS)

    async def _listen_until_error(self, hub: Wakeable) -> None:
        client = redis_asyncio.Redis.from_url(self._url or "", socket_connect_timeout=TIMEOUT_SECONDS)
        async with client, client.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            self.is_connected = True
            redis_breaker.record_success()
            hub.wake()  # calls may have been missed while disconnected
            async for message in channel.listen():
                if message["type"] == "message":
                    hub.wake()


_wakeup = [Wakeup(None)]


def connect(redis_url: str | None) -> None:
    """Use the Redis at this URL, if any, for wake-up calls."""
    _wakeup[:] = [Wakeup(redis_url)]


def process_wakeup() -> Wakeup:
    """Return the wakeup of this process."""
    return _wakeup[0]


def wake_listeners() -> None:
    """Wake all hubs of all processes. Never raises."""
    _wakeup[0].wake_listeners()


def _connect(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)
