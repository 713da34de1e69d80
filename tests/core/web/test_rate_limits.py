"""Rate limits: in memory, in Redis, and while Redis fails."""

import logging
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread
from time import monotonic

import pytest
from limits import RateLimitItemPerHour

from madang.core import circuit_breaker
from madang.core.errors import RateLimited
from madang.core.web import rate_limits
from tests.conftest import skip_missing
from tests.faults.site import soon


@pytest.fixture
def closed_port():
    """A port on which nothing listens during the test."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.fixture(autouse=True)
def own_breaker(monkeypatch, app):
    """Give each test its own circuit breaker and new counts."""
    monkeypatch.setattr(rate_limits, "redis_breaker", circuit_breaker.CircuitBreaker())
    monkeypatch.setattr(logging.getLogger("madang"), "propagate", True)
    yield
    rate_limits.connect(None)


def test_without_redis_uses_are_counted_in_memory_and_one_warning_is_logged(closed_port, caplog):
    rate_limits.connect(f"redis://127.0.0.1:{closed_port}/0")
    for _time in range(3):
        rate_limits.check_rate("3 per minute", "vote", 7)
    with pytest.raises(RateLimited) as refused:
        rate_limits.check_rate("3 per minute", "vote", 7)
    assert 1 <= refused.value.retry_after <= 60
    rate_limits.check_rate("3 per minute", "vote", 8)
    assert [record.getMessage().split(" (")[0] for record in caplog.records] == ["Redis does not answer"]


def test_logging_in_works_while_redis_is_away(app, ann, visitor, closed_port):
    rate_limits.connect(f"redis://127.0.0.1:{closed_port}/0")
    app.config["LOGIN_LIMIT"] = "2 per minute"
    for status in (422, 422, 429):
        assert visitor.post("/auth/login", username="ann", password="not hers at all").status_code == status


def test_a_hanging_redis_is_waited_for_once(caplog):
    """It accepts connections and never responds."""
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        rate_limits.connect(f"redis://127.0.0.1:{hanging.getsockname()[1]}/0")
        started = monotonic()
        for number in range(20):
            rate_limits.check_rate("1 per minute", "vote", number)
        assert monotonic() - started < 4 * rate_limits.REDIS_TIMEOUT_SECONDS
    assert len(caplog.records) == 1


@pytest.fixture
def redis_url(tmp_path):
    """A Redis of this test's own, behind a Unix socket."""
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    if server is None:
        skip_missing("no Redis on this machine")
    place = tmp_path / "redis.sock"
    options = ("--port", "0", "--unixsocket", str(place), "--save", "", "--dir", str(tmp_path))
    process = subprocess.Popen([server or "", *options], stdout=subprocess.DEVNULL)
    try:
        assert soon(place.exists)
        yield f"unix://{place}"
    finally:
        process.kill()
        process.wait(20)


def test_processes_share_counts_through_redis_over_a_unix_socket(redis_url):
    for _process in range(2):
        rate_limits.connect(redis_url)
        rate_limits.check_rate("2 per minute", "vote", 7)
    with pytest.raises(RateLimited):
        rate_limits.check_rate("2 per minute", "vote", 7)


@pytest.mark.parametrize("place", ["memory", "redis"])
def test_the_latest_use_is_taken_back_from_a_moving_window(place, request):
    rate_limits.connect(request.getfixturevalue("redis_url") if place == "redis" else None)
    limit = "2 per hour"
    rate_limits.take_back_use(limit, "a")  # nothing was used yet
    for _time in range(5):
        rate_limits.check_rate(limit, "a")
        rate_limits.take_back_use(limit, "a")
    for _time in range(2):
        rate_limits.check_rate(limit, "a")
    with pytest.raises(RateLimited):
        rate_limits.check_rate(limit, "a")


def _left(limit: str, *key: str) -> int:
    return rate_limits.count_use(limit, *key)[1]


@pytest.mark.parametrize("place", ["memory", "redis"])
def test_a_fixed_window_counts_alike_in_memory_and_in_redis(place, request):
    """The key alone identifies a count, whatever limit it is compared with."""
    rate_limits.connect(request.getfixturevalue("redis_url") if place == "redis" else None)
    assert [_left("2 per hour", "a") for _time in range(3)] == [1, 0, -1]
    assert (_left("5 per 10 seconds", "a"), rate_limits.count_of_uses("a")) == (1, 4)
    for _time in range(2):
        rate_limits.give_back_use("a")
    assert rate_limits.count_of_uses("a") == 2
    rate_limits.forget_uses("a")
    rate_limits.give_back_use("a")
    assert rate_limits.count_of_uses("a") == 0
    assert _left("2 per hour", "a") == 1, "a use given back after the end leaves nothing"
    assert _left("2 per hour", "b" * 10_000) == 1 and _left("2 per hour", "b" * 10_001) == 1
    assert _left("2 per hour", "b" * 10_000) == 0


def test_a_limit_of_several_times_as_many_uses():
    for limit, wider in (("10 per minute", "100 per 1 minute"), ("3 per 2 hours", "30 per 2 hour"), ("", "")):
        assert rate_limits.times(limit, 10) == wider


class _SlowLimit(RateLimitItemPerHour):
    """A limit whose seconds are known only when two threads have asked for them, or after a moment."""

    asked = Barrier(2)

    def get_expiry(self) -> int:
        with suppress(BrokenBarrierError):
            self.asked.wait(0.5)
        return super().get_expiry()


def test_in_memory_two_uses_at_once_are_two():
    limiter = rate_limits.MemoryLimiter()
    uses: list[int] = []
    threads = [Thread(target=lambda: uses.append(limiter.use(_SlowLimit(5), ["a"])[0])) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(uses) == [1, 2]


def test_in_memory_a_use_counts_until_its_window_ends(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(rate_limits, "monotonic", lambda: clock[0])
    for moment, wait in ((0, 0), (30, 0), (45, 15), (59, 1), (60, 0), (61, 29), (90, 0)):
        clock[0] = float(moment)
        assert _wait() == wait, moment


def _wait() -> int:
    try:
        rate_limits.check_rate("2 per minute", "vote", 7)
    except RateLimited as refused:
        return refused.retry_after
    return 0


def test_in_memory_expired_keys_are_removed(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(rate_limits, "monotonic", lambda: clock[0])
    monkeypatch.setattr(rate_limits.MemoryLimiter, "MAX_KEYS", 3)
    limiter = rate_limits.MemoryLimiter()
    minute = rate_limits._parse("1 per minute")
    for number in range(3):
        assert limiter.seconds_to_wait(minute, [str(number)]) == 0
    clock[0] = 61.0
    assert limiter.seconds_to_wait(minute, ["new"]) == 0
    assert len(limiter._uses) == 1


def test_long_keys_do_not_fill_the_memory():
    rate_limits.connect(None)
    rate_limits.count_use("2 per hour", "b" * 10_000)
    rate_limits.check_rate("2 per hour", "b" * 10_000, "\ud800" * 100)
    memory = rate_limits._limiter[0]._memory
    assert max(len(part) for key in (*memory._counters, *memory._uses) for part in key) <= 64


def test_a_clock_that_is_set_back_locks_nobody_out(monkeypatch, redis_url):
    """The library measures by the time of day."""
    rate_limits.connect(redis_url)
    real = time.time
    for place in (time, rate_limits):
        monkeypatch.setattr(place, "time", lambda: real() + 3600)
    for _use in range(3):
        wait = _wait()
    assert 1 <= wait <= 60
    for place in (time, rate_limits):
        monkeypatch.setattr(place, "time", real)
    assert [_wait() for _use in range(2)] == [0, 0]
    assert 1 <= _wait() <= 60
