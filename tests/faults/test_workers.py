"""Workers are killed at any moment, on each database: they hold a job by a lock and a lease."""

import signal
from time import sleep

import pytest
from sqlalchemy import select

from madang.core.db import db
from madang.core.queue import Job
from tests.timing import PATIENCE_SECONDS

from .site import soon
from .workers import Workers

pytestmark = [pytest.mark.faults, pytest.mark.each_database]


def test_workers_that_are_killed_again_and_again_lose_nothing_and_do_nothing_twice(workers):
    jobs = workers.ask(20, seconds=0.3)
    pair = [workers.worker(2), workers.worker(2)]
    for turn in range(4):
        assert soon(lambda least=turn * 2 + 1: workers.effects() >= least)
        sleep(0.13 * turn)
        pair[turn % 2].send_signal(signal.SIGKILL)
        pair[turn % 2] = workers.worker(2)
    assert soon(lambda: workers.are_done(jobs)), workers.log.read_text()
    assert workers.effects() == 20


def test_a_worker_finishes_its_job_when_it_is_told_to_end(workers):
    jobs = workers.ask(1, seconds=2)
    worker = workers.worker()
    assert soon(lambda: _states(workers) == {"running"})
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE_SECONDS) == 0
    assert workers.are_done(jobs)


def _states(workers: Workers) -> set[str]:
    with workers.app.app_context():
        return set(db.session.scalars(select(Job.state)))
