"""What has happened is told to those who listen, within the write that caused it."""

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
def heard(app):
    """What is heard; the site's own table stands again afterwards."""
    said: list[tuple[str, object]] = []
    events.connect(
        {LampLit: [lambda event: said.append(("first", event)), lambda event: said.append(("second", event))]}
    )
    yield said
    events.connect(SUBSCRIPTIONS)


def test_everybody_who_listens_hears_in_the_order_of_the_table(heard):
    events.emit(LampLit(7))
    assert heard == [("first", LampLit(7)), ("second", LampLit(7))]


def test_nobody_hears_of_what_they_did_not_ask_for(heard):
    events.emit(LampBroken(7))
    events.emit("words")
    assert heard == []


def test_one_who_cannot_follow_takes_the_whole_write_back(app, ann, visitor):
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
