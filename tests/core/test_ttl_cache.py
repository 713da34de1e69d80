"""Time-based caching of results."""

from itertools import count

import pytest

from madang.core import ttl_cache as module
from madang.core.ttl_cache import CachedFunction, clear_all, ttl_cache, ttl_cache_if


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """The monotonic time, which a test advances."""
    moment = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: moment[0])
    monkeypatch.setattr(module, "_functions", [])
    return moment


def counting() -> CachedFunction[int]:
    """A function that returns how often it was called, cached for two seconds."""
    numbers = count(1)
    return ttl_cache(seconds=2)(lambda: next(numbers))


def test_a_result_is_cached_for_its_seconds(clock):
    read = counting()
    assert (read(), read()) == (1, 1)
    clock[0] += 1.9
    assert read() == 1
    clock[0] += 0.2
    assert (read(), read()) == (2, 2)


def test_none_is_cached_too(clock):
    calls = []
    read = ttl_cache(seconds=2)(lambda: calls.append(1))
    assert (read(), read(), len(calls)) == (None, None, 1)


def test_a_result_that_is_not_to_be_kept_is_read_again(clock):
    numbers = count(1)
    read = ttl_cache_if(lambda number: number > 2, seconds=2)(lambda: next(numbers))
    assert [read() for _call in range(4)] == [1, 2, 3, 3]


def test_clear_expires_one_function(clock):
    one, other = counting(), counting()
    assert (one(), other()) == (1, 1)
    one.clear()
    assert (one(), other()) == (2, 1)


def test_clear_all_expires_every_function(clock):
    one, other = counting(), counting()
    assert (one(), other()) == (1, 1)
    clear_all()
    assert (one(), other()) == (2, 2)


def test_exceptions_are_not_cached(clock):
    numbers = count(1)
    read = ttl_cache(seconds=2)(lambda: 1 // (next(numbers) - 1))
    with pytest.raises(ZeroDivisionError):
        read()
    assert read() == 1
