"""Results that are kept for some seconds."""

from itertools import count

import pytest

from madang.core import ttl_cache as module
from madang.core.ttl_cache import CachedFunction, clear_all, ttl_cache


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """The moment it is, which a test moves."""
    moment = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: moment[0])
    monkeypatch.setattr(module, "_functions", [])
    return moment


def counting() -> CachedFunction[int]:
    """A function that says how often it was asked, kept for two seconds."""
    numbers = count(1)
    return ttl_cache(seconds=2)(lambda: next(numbers))


def test_a_result_is_kept_for_its_seconds(clock):
    read = counting()
    assert (read(), read()) == (1, 1)
    clock[0] += 1.9
    assert read() == 1
    clock[0] += 0.2
    assert (read(), read()) == (2, 2)


def test_a_result_of_none_is_kept_too(clock):
    asked = []
    read = ttl_cache(seconds=2)(lambda: asked.append(1))
    assert (read(), read(), len(asked)) == (None, None, 1)


def test_a_function_is_read_again_once_it_is_cleared(clock):
    one, other = counting(), counting()
    assert (one(), other()) == (1, 1)
    one.clear()
    assert (one(), other()) == (2, 1)


def test_all_are_read_again_once_all_are_cleared(clock):
    one, other = counting(), counting()
    assert (one(), other()) == (1, 1)
    clear_all()
    assert (one(), other()) == (2, 2)


def test_what_goes_wrong_is_not_kept(clock):
    numbers = count(1)
    read = ttl_cache(seconds=2)(lambda: 1 // (next(numbers) - 1))
    with pytest.raises(ZeroDivisionError):
        read()
    assert read() == 1
