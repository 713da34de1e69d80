"""Reminders are sent once, at the set time in the person's time zone."""

from datetime import UTC, datetime, timedelta

import pytest

from madang import subscriptions
from madang.core import clock, events
from madang.core.db import db, transaction
from madang.core.local_time import format_moment, parse_moment
from madang.core.queue import run_due
from madang.todos.events import TodoDue
from madang.todos.jobs import remind_due
from madang.todos.models import Todo
from madang.todos.operations import reminding
from tests.core.web.test_features import switch

from .test_todos import add

pytestmark = pytest.mark.each_database

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def due_events(app):
    """The emitted `TodoDue` events; other subscriptions stay."""
    emitted: list[TodoDue] = []
    events.connect({**subscriptions.SUBSCRIPTIONS, TodoDue: [emitted.append]})
    yield emitted
    events.connect(subscriptions.SUBSCRIPTIONS)


def run_reminders(app, moment: datetime) -> None:
    with app.app_context(), clock.at(moment):
        with transaction():
            remind_due.enqueue()
        run_due()


def add_with_reminder(person, title: str = "Buy lanterns") -> int:
    """Add a to-do with a reminder at noon."""
    with clock.at(NOON - timedelta(hours=1)):
        return add(person, title, remind_at="2026-03-10T12:00")


def test_a_reminder_is_sent_once_when_it_is_due(app, ann, due_events):
    todo = add_with_reminder(ann)
    run_reminders(app, NOON - timedelta(minutes=1))
    assert due_events == []
    for minute in range(3):
        run_reminders(app, NOON + timedelta(minutes=minute))
    assert due_events == [TodoDue(todo, ann.id)]


def test_no_reminder_is_sent_while_to_dos_are_switched_off(app, ann, due_events):
    add_with_reminder(ann)
    switch(app, "FEATURE_TODOS", "no")
    run_reminders(app, NOON + timedelta(minutes=1))
    assert due_events == []
    switch(app, "FEATURE_TODOS", "yes")
    run_reminders(app, NOON + timedelta(minutes=2))
    assert len(due_events) == 1


def test_a_reminder_is_in_the_persons_time_zone(app, ann, due_events):
    ann.post("/settings/preferences", timezone="Asia/Seoul", locale="en")
    with clock.at(NOON - timedelta(hours=12)):
        add(ann, "Buy lanterns", remind_at="2026-03-10T21:00")
    run_reminders(app, NOON - timedelta(minutes=1))
    assert due_events == []
    run_reminders(app, NOON)
    assert len(due_events) == 1


def test_no_reminder_is_sent_for_done_or_deleted_to_dos(app, ann, due_events):
    done, deleted = add_with_reminder(ann, "done"), add_with_reminder(ann, "deleted")
    ann.post(f"/todos/{done}/done", value="1")
    ann.post(f"/todos/{deleted}/delete")
    run_reminders(app, NOON)
    assert due_events == []


def test_reopening_does_not_send_a_passed_reminder(app, ann, due_events):
    todo = add_with_reminder(ann)
    ann.post(f"/todos/{todo}/done", value="1")
    with clock.at(NOON + timedelta(hours=1)):
        ann.post(f"/todos/{todo}/done", value="0")
    run_reminders(app, NOON + timedelta(hours=1))
    assert due_events == []


def test_a_new_reminder_is_sent_again(app, ann, due_events):
    todo = add_with_reminder(ann)
    run_reminders(app, NOON)
    with clock.at(NOON + timedelta(minutes=1)):
        response = ann.post(f"/todos/{todo}/edit", title="Buy more", remind_at="2026-03-10T12:00")
        assert response.status_code == 302, "a moment that was set before may have passed"
        ann.post(f"/todos/{todo}/edit", title="Buy more", remind_at="2026-03-10T13:00")
    run_reminders(app, NOON + timedelta(hours=1))
    assert len(due_events) == 2


def test_many_reminders_are_sent_in_batches(app, ann, due_events, monkeypatch):
    monkeypatch.setattr(reminding, "BATCH_SIZE", 2)
    for number in range(5):
        add_with_reminder(ann, f"number {number}")
    run_reminders(app, NOON)
    assert len(due_events) == 5


def test_a_reminder_whose_subscriber_fails_stays_due(app, ann):
    todo = add_with_reminder(ann)

    def fail(_event):
        raise RuntimeError

    events.connect({**subscriptions.SUBSCRIPTIONS, TodoDue: [fail]})
    try:
        run_reminders(app, NOON)
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
def test_hours_that_are_skipped_or_occur_twice(text, zone, moment):
    assert parse_moment(text, zone) == moment


def test_a_skipped_hour_is_formatted_as_the_next():
    assert format_moment(parse_moment("2026-03-08T02:30", "America/New_York"), "America/New_York") == "2026-03-08T03:30"
