"""Domain events: subscribers are called in order, within the transaction of the write."""

from dataclasses import dataclass

import pytest

from madang.core import events
from madang.subscriptions import SUBSCRIPTIONS


@dataclass(frozen=True)
class LampLit:
    lamp: int


@dataclass(frozen=True)
class LampBroken(LampLit):
    pass


@pytest.fixture
def received(app):
    """The events that two subscribers receive; restores the site's subscriptions afterwards."""
    calls: list[tuple[str, object]] = []
    events.connect(
        {LampLit: [lambda event: calls.append(("first", event)), lambda event: calls.append(("second", event))]}
    )
    yield calls
    events.connect(SUBSCRIPTIONS)


def test_subscribers_are_called_in_the_order_of_the_table(received):
    events.emit(LampLit(7))
    assert received == [("first", LampLit(7)), ("second", LampLit(7))]


def test_other_event_classes_call_no_subscriber(received):
    events.emit(LampBroken(7))
    events.emit("words")
    assert received == []


def test_a_failing_subscriber_rolls_the_write_back(app, ann, visitor):
    def fail(_event):
        raise RuntimeError("the subscriber is broken")

    try:
        events.connect({event: [fail] for event in SUBSCRIPTIONS})
        answer = ann.post("/posts/new", board="qa", title="Will this be kept?", body="Nobody knows before it is tried.")
    finally:
        events.connect(SUBSCRIPTIONS)
    assert answer.status_code == 500
    assert "Will this be kept?" not in visitor.page("/questions")
    assert "0 posts" in visitor.page("/boards")
