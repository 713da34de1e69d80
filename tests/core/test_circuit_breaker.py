"""The circuit breaker: open for some seconds after a failure, and each change is logged once."""

import logging

import pytest

from madang.core import circuit_breaker
from madang.core.circuit_breaker import GRACE_SECONDS, OPEN_SECONDS, CircuitBreaker

MINUTE = 60.0


@pytest.fixture
def clock(monkeypatch):
    """A clock that is moved by hand."""
    seconds = [1000.0]
    monkeypatch.setattr(circuit_breaker, "monotonic", lambda: seconds[0])
    return seconds


@pytest.fixture
def breaker(clock, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("madang"), "propagate", True)
    caplog.set_level("WARNING")
    return CircuitBreaker("madang.test", "away%s", "back")


def test_it_is_closed_at_first(breaker, caplog):
    breaker.record_success()
    assert not breaker.is_open
    assert caplog.messages == []


def test_it_opens_for_some_seconds_after_a_failure(breaker, clock):
    breaker.record_failure()
    assert breaker.is_open
    clock[0] += OPEN_SECONDS
    assert not breaker.is_open, "the next call may try"


def test_each_change_is_logged_once(breaker, clock, caplog):
    for _time in range(3):
        breaker.record_failure(OSError("refused"))
        clock[0] += MINUTE
    for _time in range(3):
        breaker.record_success()
    breaker.record_failure()
    assert caplog.messages == ["away (refused)", "back", "away"]


@pytest.mark.parametrize(("seconds", "expected"), [(0.0, True), (GRACE_SECONDS / 2, True), (GRACE_SECONDS, False)])
def test_a_call_that_began_before_the_failure_does_not_close_it(breaker, clock, caplog, seconds, expected):
    breaker.record_failure()
    clock[0] += seconds
    breaker.record_success()
    assert breaker.is_open == expected
    assert caplog.messages == (["away"] if expected else ["away", "back"])


def test_a_success_closes_it_at_once_after_the_grace(breaker, clock):
    breaker.record_failure()
    clock[0] += GRACE_SECONDS
    breaker.record_success()
    assert not breaker.is_open
