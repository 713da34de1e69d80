"""Rate limiting by moving and fixed windows: in memory, or in Redis by the `limits` library."""

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterable
from functools import lru_cache
from time import monotonic, time
from typing import TypeVar

from limits import RateLimitItem, parse
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import ConnectionPool, RedisError

from madang.core.circuit_breaker import redis_breaker
from madang.core.errors import RateLimited
from madang.core.i18n import ngettext

REDIS_TIMEOUT_SECONDS = 0.5
CLOCK_SECONDS = 5  # by which the clocks of machines may differ
MAX_NAME = 64  # characters of one part of a key
R = TypeVar("R")


class MemoryLimiter:
    """Counts in memory. The storage of `limits` starts a thread for each look at expired entries: 0.3 ms a use."""

    MAX_KEYS = 10_000  # expired keys, of 1 KB each, are removed when there are more

    def __init__(self) -> None:
        self._max_counters = self._max_uses = self.MAX_KEYS
        self._counters: dict[tuple[str, ...], list[float]] = {}  # the end of the window, and the uses in it
        self._uses: dict[tuple[str, ...], tuple[int, deque[float]]] = {}  # the window's seconds, and each use's time
        self._lock = threading.Lock()

    def seconds_to_wait(self, item: RateLimitItem, names: list[str]) -> int:
        """Count one use in the moving window that ends now; return the seconds to wait, 0 if it is within the limit."""
        key, moment, seconds = (str(item), *names), monotonic(), item.get_expiry()
        with self._lock:
            if key not in self._uses and len(self._uses) >= self._max_uses:
                self._remove_expired(moment)
            _seconds, uses = self._uses.setdefault(key, (seconds, deque()))
            while uses and uses[0] <= moment - seconds:
                uses.popleft()
            if len(uses) >= item.amount:
                return max(1, round(uses[0] + seconds - moment))
            uses.append(moment)
        return 0

    def take_back(self, item: RateLimitItem, names: list[str]) -> None:
        """Take the latest use back from the moving window."""
        with self._lock:
            _seconds, uses = self._uses.get((str(item), *names), (0, None))
            if uses:
                uses.pop()

    def _remove_expired(self, moment: float) -> None:
        current = {key: (age, uses) for key, (age, uses) in self._uses.items() if uses and uses[-1] > moment - age}
        self._uses, self._max_uses = current, max(self.MAX_KEYS, 2 * len(current))  # not again for each new key

    def use(self, item: RateLimitItem, names: list[str]) -> tuple[int, int]:
        """Count one use in a fixed window; return the uses in it, and the seconds to its end."""
        key, moment = tuple(names), monotonic()
        with self._lock:
            counter = self._counters.get(key)
            if counter is None or counter[0] <= moment:
                counter = self._new_counter(key, moment, item.get_expiry())
            counter[1] += 1
            return int(counter[1]), max(1, round(counter[0] - moment))

    def uses(self, names: list[str]) -> int:
        """The uses in the fixed window."""
        end, uses = self._counters.get(tuple(names), (0, 0))
        return int(uses) if end > monotonic() else 0

    def give_back(self, names: list[str]) -> None:
        """Take one use back from the fixed window, if it has not ended."""
        with self._lock:
            counter = self._counters.get(tuple(names))
            if counter is not None and counter[1] > 0:
                counter[1] -= 1

    def forget(self, names: list[str]) -> None:
        """End the fixed window."""
        with self._lock:
            self._counters.pop(tuple(names), None)

    def _new_counter(self, key: tuple[str, ...], moment: float, seconds: int) -> list[float]:
        if len(self._counters) >= self._max_counters:
            self._counters = {name: counter for name, counter in self._counters.items() if counter[0] > moment}
            self._max_counters = max(self.MAX_KEYS, 2 * len(self._counters))
        counter = self._counters[key] = [moment + seconds, 0]
        return counter


GIVE_BACK = b"if redis.call('exists', KEYS[1]) == 1 then redis.call('decr', KEYS[1]) end"
TAKE_BACK = b"redis.call('lpop', KEYS[1])"  # the latest use is the first of the list


class RedisLimiter:
    """Counts in Redis, by the `limits` library. Its methods return the same as those of `MemoryLimiter`.

    Each count is one script in Redis, so that of many at once none is lost. The library measures moving windows by the
    time of day: if more than a window is left of one, the clock was set back, and the count begins anew.
    """

    def __init__(self, redis_url: str) -> None:
        timeouts = {"socket_connect_timeout": REDIS_TIMEOUT_SECONDS, "socket_timeout": REDIS_TIMEOUT_SECONDS}
        pool = ConnectionPool.from_url(redis_url, **timeouts)
        self._storage = RedisStorage("redis://", connection_pool=pool)  # `limits` does not support unix:// itself
        self._moving = MovingWindowRateLimiter(self._storage)
        self._give_back = self._storage.get_connection().register_script(GIVE_BACK)
        self._take_back = self._storage.get_connection().register_script(TAKE_BACK)

    def seconds_to_wait(self, item: RateLimitItem, names: list[str]) -> int:
        if self._moving.hit(item, *names):
            return 0
        wait = _seconds_until(self._moving.get_window_stats(item, *names).reset_time)
        if wait <= item.get_expiry() + CLOCK_SECONDS:
            return wait
        self._storage.clear(item.key_for(*names))
        return 0 if self._moving.hit(item, *names) else item.get_expiry()

    def take_back(self, item: RateLimitItem, names: list[str]) -> None:
        self._take_back([self._storage.prefixed_key(item.key_for(*names))])

    def use(self, item: RateLimitItem, names: list[str]) -> tuple[int, int]:
        key = _window_key(names)
        uses = self._storage.incr(key, item.get_expiry())
        return uses, _seconds_until(self._storage.get_expiry(key))

    def uses(self, names: list[str]) -> int:
        return self._storage.get(_window_key(names))

    def give_back(self, names: list[str]) -> None:
        self._give_back([self._storage.prefixed_key(_window_key(names))])

    def forget(self, names: list[str]) -> None:
        self._storage.clear(_window_key(names))


def _window_key(names: list[str]) -> str:
    """The key of a fixed window: the names alone, as in memory, whatever limit it is compared with."""
    return "/".join(("window", *names))


Limiter = MemoryLimiter | RedisLimiter


class FallbackLimiter:
    """Counts in Redis for all processes while it answers, else in memory for this process."""

    def __init__(self, redis_url: str | None) -> None:
        self._memory = MemoryLimiter()
        self._redis = RedisLimiter(redis_url) if redis_url else None

    def call(self, function: Callable[[Limiter], R]) -> R:
        """Return `function` of the limiter in use."""
        if self._redis is not None and not redis_breaker.is_open:
            try:
                result = function(self._redis)
            except (RedisError, OSError) as error:
                redis_breaker.record_failure(error)
            else:
                redis_breaker.record_success()
                return result
        return function(self._memory)


def _seconds_until(moment: float) -> int:
    return max(1, round(moment - time()))


_limiter: list[FallbackLimiter] = []


def connect(redis_url: str | None) -> None:
    """Start new counts: in Redis if there is a URL, so that all processes share them, else in memory."""
    _limiter[:] = [FallbackLimiter(redis_url)]


@lru_cache
def _parse(limit: str) -> RateLimitItem:
    return parse(limit)


def rate_limited(seconds: int) -> RateLimited:
    """Return the error that says how long to wait."""
    message = ngettext(
        "Too many attempts. Please try again in %(num)s second.",
        "Too many attempts. Please try again in %(num)s seconds.",
        seconds,
    )
    return RateLimited(message, retry_after=seconds)


def times(limit: str, factor: int) -> str:
    """A limit of `factor` times as many uses ("10 per minute" -> "100 per 1 minute"); no limit stays none."""
    if not limit:
        return limit
    item = _parse(limit)
    return str(type(item)(item.amount * factor, item.multiples))


def half(limit: str) -> str:
    """A limit of half as many uses, but of one ("10 per hour" -> "5 per 1 hour"); no limit stays none."""
    if not limit:
        return limit
    item = _parse(limit)
    return str(type(item)(max(1, item.amount // 2), item.multiples))


def check_rate(limit: str, *key: object) -> None:
    """Count one use of `key` against `limit` ("10 per minute"; empty: no limit) in a moving window.

    Raises `RateLimited`, with the seconds to wait, when the limit is exceeded.
    """
    if not limit or not _limiter:
        return
    item, names = _parse(limit), _names(key)
    if wait := _limiter[0].call(lambda limiter: limiter.seconds_to_wait(item, names)):
        raise rate_limited(wait)


def take_back_use(limit: str, *key: object) -> None:
    """Take back the latest use of `key` that `check_rate` has counted against `limit`."""
    if not limit or not _limiter:
        return
    item, names = _parse(limit), _names(key)
    _limiter[0].call(lambda limiter: limiter.take_back(item, names))


def count_use(limit: str, *key: str) -> tuple[RateLimitItem, int, int]:
    """Count one use of `key` in a fixed window; return the limit, the uses left (below 0: over it) and its seconds."""
    item, names = _parse(limit), _names(key)
    uses, seconds = _limiter[0].call(lambda limiter: limiter.use(item, names))
    return item, item.amount - uses, seconds


def count_of_uses(*key: str) -> int:
    """The uses of `key` in its fixed window, without counting one."""
    names = _names(key)
    return _limiter[0].call(lambda limiter: limiter.uses(names))


def give_back_use(*key: str) -> None:
    """Take back one use of `key` that was counted in its fixed window."""
    names = _names(key)
    _limiter[0].call(lambda limiter: limiter.give_back(names))


def forget_uses(*key: str) -> None:
    """Begin the fixed window of `key` anew."""
    names = _names(key)
    _limiter[0].call(lambda limiter: limiter.forget(names))


def _names(key: Iterable[object]) -> list[str]:
    """The parts of a key as texts. A long one becomes its hash: what people send must not fill the memory."""
    return [_short(str(part)) for part in key]


def _short(text: str) -> str:
    return text if len(text) <= MAX_NAME else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
