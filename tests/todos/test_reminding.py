"""Reminders come once, at the moment that a clock shows where the person is."""

from datetime import UTC, datetime, timedelta

import pytest

from madang import subscriptions
from madang.core import clock, events
from madang.core.db import db, transaction
from madang.core.queue import run_due
from madang.todos.events import TodoDue
from madang.todos.jobs import remind_due
from madang.todos.models import Todo
from madang.todos.operations import reminding
from madang.todos.operations.times import parse_moment, written

from .test_todos import add

pytestmark = pytest.mark.each_database

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def told(app):
    """What was told of; other subscriptions stay."""
    heard: list[TodoDue] = []
    events.connect({**subscriptions.SUBSCRIPTIONS, TodoDue: [heard.append]})
    yield heard
    events.connect(subscriptions.SUBSCRIPTIONS)


def remind(app, moment: datetime) -> None:
    with app.app_context(), clock.at(moment):
        with transaction():
            remind_due.enqueue()
        run_due()


def reminded_at_noon(person, title: str = "Buy lanterns") -> int:
    with clock.at(NOON - timedelta(hours=1)):
        return add(person, title, remind_at="2026-03-10T12:00")


def test_once_when_the_moment_has_come(app, ann, told):
    todo = reminded_at_noon(ann)
    remind(app, NOON - timedelta(minutes=1))
    assert told == []
    for minute in range(3):
        remind(app, NOON + timedelta(minutes=minute))
    assert told == [TodoDue(todo, ann.id)]


def test_the_zone_is_the_persons(app, ann, told):
    ann.post("/settings/preferences", timezone="Asia/Seoul", locale="en")
    with clock.at(NOON - timedelta(hours=12)):
        add(ann, "Buy lanterns", remind_at="2026-03-10T21:00")
    remind(app, NOON - timedelta(minutes=1))
    assert told == []
    remind(app, NOON)
    assert len(told) == 1


def test_not_for_what_is_done_or_deleted(app, ann, told):
    done, deleted = reminded_at_noon(ann, "done"), reminded_at_noon(ann, "deleted")
    ann.post(f"/todos/{done}/done", value="1")
    ann.post(f"/todos/{deleted}/delete")
    remind(app, NOON)
    assert told == []


def test_a_tick_that_is_taken_away_does_not_bring_an_old_reminder(app, ann, told):
    todo = reminded_at_noon(ann)
    ann.post(f"/todos/{todo}/done", value="1")
    with clock.at(NOON + timedelta(hours=1)):
        ann.post(f"/todos/{todo}/done", value="0")
    remind(app, NOON + timedelta(hours=1))
    assert told == []


def test_another_moment_reminds_again(app, ann, told):
    todo = reminded_at_noon(ann)
    remind(app, NOON)
    with clock.at(NOON + timedelta(minutes=1)):
        response = ann.post(f"/todos/{todo}/edit", title="Buy more", remind_at="2026-03-10T12:00")
        assert response.status_code == 302, "a moment that was set before may have passed"
        ann.post(f"/todos/{todo}/edit", title="Buy more", remind_at="2026-03-10T13:00")
    remind(app, NOON + timedelta(hours=1))
    assert len(told) == 2


def test_many_are_told_in_turns(app, ann, told, monkeypatch):
    for module in ("operations.reminding", "jobs"):
        monkeypatch.setattr(f"madang.todos.{module}.AT_ONCE", 2)
    for number in range(5):
        reminded_at_noon(ann, f"number {number}")
    remind(app, NOON)
    assert len(told) == 5
    assert reminding.AT_ONCE == 2


def test_when_telling_fails_nothing_is_lost(app, ann):
    todo = reminded_at_noon(ann)

    def fail(_event):
        raise RuntimeError

    events.connect({**subscriptions.SUBSCRIPTIONS, TodoDue: [fail]})
    try:
        remind(app, NOON)
    finally:
        events.connect(subscriptions.SUBSCRIPTIONS)
    with app.app_context():
        assert db.session.get(Todo, todo).reminded_at is None


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("2026-03-10T12:00", "UTC", NOON),
        ("2026-03-10T21:00", "Asia/Seoul", NOON),
        ("2026-03-08T02:30", "America/New_York", datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),  # skipped: 3:30 is meant
        ("2026-11-01T01:30", "America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),  # twice: the first
        ("2026-03-29T01:30", "Europe/London", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("2011-12-30T10:00", "Pacific/Apia", datetime(2011, 12, 30, 20, 0, tzinfo=UTC)),  # a day that was skipped
    ],
)
def test_hours_that_the_clock_skips_or_shows_twice(text, zone, moment):
    assert parse_moment(text, zone) == moment


def test_a_skipped_hour_is_shown_as_the_one_that_is_meant():
    assert written(parse_moment("2026-03-08T02:30", "America/New_York"), "America/New_York") == "2026-03-08T03:30"
