"""How often one may do a thing: moving windows, in memory, or in Redis by the `limits` library."""

import threading
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from time import time
from typing import TypeVar

from limits import RateLimitItem, parse
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter
from redis import ConnectionPool, RedisError

from madang.core.circuit_breaker import redis_breaker
from madang.core.errors import RateLimited
from madang.core.i18n import _

ANSWER_SECONDS = 0.5
Answer = TypeVar("Answer")


class OwnLimiter:
    """Counts in memory. Those of `limits` start a thread for each of its looks at what has expired: 0.3 ms a use."""

    MOST = 100_000  # kept before those are looked for that count no more

    def __init__(self) -> None:
        self._most_counts = self._most_uses = self.MOST
        self._counts: dict[tuple[str, ...], list[float]] = {}  # the end of the window, and how many came in it
        self._uses: dict[tuple[str, ...], tuple[int, deque[float]]] = {}  # how long they count, and when each was
        self._counting = threading.Lock()

    def seconds_to_wait(self, item: RateLimitItem, names: list[str]) -> int:
        """Count one use in the time that ends now; 0 if there were not too many."""
        key, moment, seconds = (str(item), *names), time(), item.get_expiry()
        with self._counting:
            if key not in self._uses and len(self._uses) >= self._most_uses:
                self._forget_uses(moment)
            _seconds, uses = self._uses.setdefault(key, (seconds, deque()))
            while uses and uses[0] <= moment - seconds:
                uses.popleft()
            if len(uses) >= item.amount:
                return max(1, round(uses[0] + seconds - moment))
            uses.append(moment)
        return 0

    def _forget_uses(self, moment: float) -> None:
        current = {key: kept for key, kept in self._uses.items() if kept[1] and kept[1][-1] > moment - kept[0]}
        self._uses, self._most_uses = current, max(self.MOST, 2 * len(current))  # not again for each that comes

    def use(self, item: RateLimitItem, names: list[str]) -> tuple[int, int]:
        """Count one use in a fixed window; how many are left (-1 if there were too many), and the seconds until all
        are back.
        """
        key, moment = tuple(names), time()
        counted = self._counts.get(key)
        if counted is None or counted[0] <= moment:
            counted = self._begin(key, moment, item.get_expiry())
        counted[1] += 1
        return max(-1, int(item.amount - counted[1])), max(1, round(counted[0] - moment))

    def _begin(self, key: tuple[str, ...], moment: float, seconds: int) -> list[float]:
        if len(self._counts) >= self._most_counts:
            self._counts = {name: counted for name, counted in self._counts.items() if counted[0] > moment}
            self._most_counts = max(self.MOST, 2 * len(self._counts))
        counted = self._counts[key] = [moment + seconds, 0]
        return counted


class SharedLimiter:
    """Counts in Redis, by the `limits` library."""

    def __init__(self, redis_url: str) -> None:
        timeouts = {"socket_connect_timeout": ANSWER_SECONDS, "socket_timeout": ANSWER_SECONDS}
        pool = ConnectionPool.from_url(redis_url, **timeouts)
        storage = RedisStorage("redis://", connection_pool=pool)  # `limits` knows no unix:// itself
        self._moving = MovingWindowRateLimiter(storage)
        self._fixed = FixedWindowRateLimiter(storage)  # costs the same however many there may be

    def seconds_to_wait(self, item: RateLimitItem, names: list[str]) -> int:
        """As `OwnLimiter` does."""
        if self._moving.hit(item, *names):
            return 0
        return _seconds_until(self._moving.get_window_stats(item, *names).reset_time)

    def use(self, item: RateLimitItem, names: list[str]) -> tuple[int, int]:
        """As `OwnLimiter` does."""
        is_within = self._fixed.hit(item, *names)
        stats = self._fixed.get_window_stats(item, *names)
        return stats.remaining if is_within else -1, _seconds_until(stats.reset_time)


Limiter = OwnLimiter | SharedLimiter


class Counts:
    """The counts of this process; with Redis those of all processes, for as long as it answers."""

    def __init__(self, redis_url: str | None) -> None:
        self._own = OwnLimiter()
        self._shared = SharedLimiter(redis_url) if redis_url else None

    def ask(self, question: Callable[[Limiter], Answer]) -> Answer:
        """What the limiter says that is to be asked at present."""
        if self._shared is not None and not redis_breaker.is_open:
            try:
                answer = question(self._shared)
            except (RedisError, OSError) as error:
                redis_breaker.record_failure(error)
            else:
                redis_breaker.record_success()
                return answer
        return question(self._own)


def _seconds_until(moment: float) -> int:
    return max(1, round(moment - time()))


_counts: list[Counts] = []


def connect(redis_url: str | None) -> None:
    """Count in Redis when there is one, so that all processes share the counts; else in this process."""
    _counts[:] = [Counts(redis_url)]


@lru_cache
def _parse(limit: str) -> RateLimitItem:
    return parse(limit)


def check_rate(limit: str, *key: object) -> None:
    """Count one use of `key` against `limit` ("10 per minute"; empty means no limit).

    Raises `RateLimited`, which says how long to wait, when there were too many.
    """
    if not limit or not _counts:
        return
    item, names = _parse(limit), [str(part) for part in key]
    if wait := _counts[0].ask(lambda limiter: limiter.seconds_to_wait(item, names)):
        raise RateLimited(
            _("That was too often. Please try again in %(seconds)s seconds.", seconds=wait), retry_after=wait
        )


def count_use(limit: str, *key: str) -> tuple[RateLimitItem, int, int]:
    """Count one use of `key` against `limit`; how many are left (-1: too many), and the seconds until all are back."""
    item = _parse(limit)
    left, seconds = _counts[0].ask(lambda limiter: limiter.use(item, list(key)))
    return item, left, seconds
