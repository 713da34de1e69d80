"""Jobs and workers when a clock is set back by an hour, or when the clocks of machines differ a little."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.core.queue import Job, job, run_due
from madang.core.queue.heartbeats import record_worker
from madang.core.queue.processes import worker_name
from madang.core.queue.running import bring_forward
from madang.core.queue.state import queue_state

pytestmark = pytest.mark.each_database
HOUR = timedelta(hours=1)


@job("tests.strike")
def strike() -> None:
    """Does nothing."""


@job("tests.miss")
def miss() -> None:
    raise RuntimeError("missed")


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        run_due()
        yield


def _enqueue(function, *, ahead: timedelta, delay: timedelta = timedelta(0)) -> None:
    with at(now() + ahead), transaction():
        function.enqueue(delay=delay)


def test_jobs_of_before_the_clock_was_set_back_run_now():
    _enqueue(strike, ahead=HOUR)
    assert run_due() == 0
    assert (bring_forward(), run_due()) == (1, 1)
    assert bring_forward() == 0


def test_one_of_them_that_fails_waits_as_any_other_does():
    _enqueue(miss, ahead=HOUR)
    bring_forward()
    assert (run_due(), bring_forward(), run_due()) == (1, 0, 0)
    row = db.session.scalars(select(Job).where(Job.name == miss.name)).one()
    assert row.failures == 1
    assert now() < row.run_at < now() + timedelta(minutes=1)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(seconds=5)])
def test_a_delayed_job_waits_also_if_its_machine_is_a_little_ahead(ahead):
    _enqueue(strike, ahead=ahead, delay=timedelta(minutes=2))
    assert (bring_forward(), run_due()) == (0, 0)


def test_a_worker_that_was_seen_in_the_future_is_not_alive():
    moment = now()
    record_worker(worker_name(1), started_at=moment, now=moment + HOUR)
    assert queue_state(db.session.connection(), moment).alive_workers(moment) == []
    record_worker(worker_name(1), started_at=moment, now=moment)
    assert len(queue_state(db.session.connection(), moment).alive_workers(moment)) == 1
