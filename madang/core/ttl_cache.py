"""Time-based caching of functions without arguments, in the process: for what every page needs and seldom changes."""

from collections.abc import Callable
from contextlib import suppress
from functools import update_wrapper
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from cachetools import TTLCache

Result = TypeVar("Result")


class CachedFunction(Generic[Result]):
    """A function whose result is cached for `seconds`; call `clear()` after a change in this process."""

    def __init__(self, read: Callable[[], Result], seconds: float, is_kept: Callable[[Result], bool] | None) -> None:
        update_wrapper(self, read)
        self._read, self._is_kept = read, is_kept
        # The clock is looked up at each call, so that tests can replace it.
        self._results: TTLCache[None, Result] = TTLCache(maxsize=1, ttl=seconds, timer=lambda: monotonic())
        self._lock = Lock()

    def __call__(self) -> Result:
        with suppress(KeyError), self._lock:
            return self._results[None]
        result = self._read()  # without the lock: others need not wait
        if self._is_kept is None or self._is_kept(result):
            with self._lock:
                self._results[None] = result
        return result

    def clear(self) -> None:
        with self._lock:
            self._results.clear()


_functions: list[CachedFunction] = []


def ttl_cache(seconds: float) -> Callable[[Callable[[], Result]], CachedFunction[Result]]:
    """Cache the result of a function without arguments for `seconds`."""

    def decorator(read: Callable[[], Result]) -> CachedFunction[Result]:
        return _cached(read, seconds, None)

    return decorator


def ttl_cache_if(
    is_kept: Callable[[Result], bool], seconds: float
) -> Callable[[Callable[[], Result]], CachedFunction[Result]]:
    """Cache a result for `seconds` as `ttl_cache` does, but only if `is_kept(result)`."""

    def decorator(read: Callable[[], Result]) -> CachedFunction[Result]:
        return _cached(read, seconds, is_kept)

    return decorator


def _cached(
    read: Callable[[], Result], seconds: float, is_kept: Callable[[Result], bool] | None
) -> CachedFunction[Result]:
    function = CachedFunction(read, seconds, is_kept)
    _functions.append(function)
    return function


def clear_all() -> None:
    """Clear every cache of this process."""
    for function in _functions:
        function.clear()
