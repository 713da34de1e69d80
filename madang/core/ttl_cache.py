"""Results that are kept in the process for some seconds: for what every page needs and what changes seldom."""

from collections.abc import Callable
from functools import update_wrapper
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from cachetools import TTLCache, cached

T = TypeVar("T")


class CachedFunction(Generic[T]):
    """A function without arguments whose result is kept for `seconds`; `clear()` after a change in this process."""

    def __init__(self, read: Callable[[], T], seconds: float) -> None:
        update_wrapper(self, read)
        # The clock is looked up at each call, so that tests can stop it.
        cache: TTLCache[object, T] = TTLCache(maxsize=1, ttl=seconds, timer=lambda: monotonic())
        self._read = cached(cache, lock=Lock())(read)

    def __call__(self) -> T:
        return self._read()

    def clear(self) -> None:
        self._read.cache_clear()


_functions: list[CachedFunction] = []


def ttl_cache(seconds: float) -> Callable[[Callable[[], T]], CachedFunction[T]]:
    """Keep the result of a function without arguments for `seconds`."""

    def decorator(read: Callable[[], T]) -> CachedFunction[T]:
        function = CachedFunction(read, seconds)
        _functions.append(function)
        return function

    return decorator


def clear_all() -> None:
    """Forget every result kept in this process."""
    for function in _functions:
        function.clear()
