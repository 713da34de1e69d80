"""Time-based caching of functions without arguments, in the process: for what every page needs and seldom changes."""

from collections.abc import Callable
from functools import update_wrapper
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from cachetools import TTLCache, cached

Result = TypeVar("Result")


class CachedFunction(Generic[Result]):
    """A function whose result is cached for `seconds`; call `clear()` after a change in this process."""

    def __init__(self, read: Callable[[], Result], seconds: float) -> None:
        update_wrapper(self, read)
        # The clock is looked up at each call, so that tests can replace it.
        cache: TTLCache[object, Result] = TTLCache(maxsize=1, ttl=seconds, timer=lambda: monotonic())
        self._read = cached(cache, lock=Lock())(read)

    def __call__(self) -> Result:
        return self._read()

    def clear(self) -> None:
        self._read.cache_clear()


_functions: list[CachedFunction] = []


def ttl_cache(seconds: float) -> Callable[[Callable[[], Result]], CachedFunction[Result]]:
    """Cache the result of a function without arguments for `seconds`."""

    def decorator(read: Callable[[], Result]) -> CachedFunction[Result]:
        function = CachedFunction(read, seconds)
        _functions.append(function)
        return function

    return decorator


def clear_all() -> None:
    """Clear every cache of this process."""
    for function in _functions:
        function.clear()
