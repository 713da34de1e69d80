"""Recurring jobs: enqueued once each time, however many workers there are."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from madang.core.db import db, transaction
from madang.core.queue import Job, job, run_due, scheduled, schedules
from madang.core.queue.schedules import Rule, enqueue_due

pytestmark = pytest.mark.each_database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def context(app, monkeypatch):
    monkeypatch.setattr(schedules, "rules", {})
    with app.app_context():
        yield


@job("tests.ring")
def ring() -> None:
    """Does nothing."""


def _job_count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Job).where(Job.name == ring.name)) or 0


def test_the_first_run_comes_after_one_interval():
    scheduled(every=timedelta(hours=1))(ring)
    assert enqueue_due(NOON) == []
    assert enqueue_due(NOON + timedelta(minutes=59)) == []
    assert enqueue_due(NOON + timedelta(minutes=61)) == [ring.name]
    assert enqueue_due(NOON + timedelta(minutes=62)) == []
    assert _job_count() == 1


def test_missed_runs_are_made_up_for_once():
    scheduled(every=timedelta(hours=1))(ring)
    enqueue_due(NOON)
    assert enqueue_due(NOON + timedelta(days=3)) == [ring.name]
    assert enqueue_due(NOON + timedelta(days=3, minutes=1)) == []


def test_a_clock_that_is_set_back_stops_no_schedule():
    scheduled(every=timedelta(minutes=15))(ring)
    enqueue_due(NOON)
    assert enqueue_due(NOON - timedelta(hours=1)) == []
    assert enqueue_due(NOON - timedelta(minutes=44)) == [ring.name]


def test_a_job_that_has_not_ended_is_not_enqueued_again():
    scheduled(every=timedelta(hours=1))(ring)
    enqueue_due(NOON)
    enqueue_due(NOON + timedelta(hours=2))
    assert enqueue_due(NOON + timedelta(hours=4)) == []
    run_due()
    assert enqueue_due(NOON + timedelta(hours=6)) == [ring.name]


def test_concurrent_workers_enqueue_once(app):
    scheduled(every=timedelta(hours=1))(ring)
    barrier = threading.Barrier(6)
    enqueued: list[str] = []

    def enqueue(moment: datetime) -> None:
        with app.app_context():
            barrier.wait(20)
            enqueued.extend(enqueue_due(moment))

    for moment in (NOON, NOON + timedelta(hours=2)):
        threads = [threading.Thread(target=enqueue, args=(moment,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert enqueued == [ring.name]
    assert _job_count() == 1


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        (NOON, "UTC", datetime(2026, 3, 2, 4, tzinfo=UTC)),
        (NOON, "Asia/Seoul", datetime(2026, 3, 1, 19, tzinfo=UTC)),
        (datetime(2026, 3, 1, 19, tzinfo=UTC), "Asia/Seoul", datetime(2026, 3, 2, 19, tzinfo=UTC)),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), "Europe/Berlin", datetime(2026, 3, 29, 2, tzinfo=UTC)),  # an hour less
    ],
)
def test_daily_rules_use_the_sites_zone(moment, zone, expected):
    assert Rule(ring, daily_at=4).after(moment, zone) == expected


def test_a_schedule_of_an_unknown_job_is_ignored():
    with transaction() as session:
        session.add(schedules.Schedule(name="gone.since_long", next_at=NOON))
    assert enqueue_due(NOON + timedelta(days=1)) == []
