"""Killing workers at random times, on each database: leases and locks prevent lost and repeated jobs."""

import signal
from time import sleep

import pytest
from sqlalchemy import select

from madang.core.db import db
from madang.core.queue import Job
from tests.timing import TIMEOUT_SECONDS

from .site import soon
from .workers import Workers

pytestmark = [pytest.mark.faults, pytest.mark.each_database]


def test_killed_workers_lose_nothing_and_do_nothing_twice(workers):
    jobs = workers.enqueue(20, seconds=0.3)
    pair = [workers.worker(2), workers.worker(2)]
    for turn in range(4):
        assert soon(lambda least=turn * 2 + 1: workers.effects() >= least)
        sleep(0.13 * turn)
        pair[turn % 2].send_signal(signal.SIGKILL)
        pair[turn % 2] = workers.worker(2)
    assert soon(lambda: workers.are_done(jobs)), workers.log.read_text()
    assert workers.effects() == 20


def test_a_terminated_worker_finishes_its_job(workers):
    jobs = workers.enqueue(1, seconds=2)
    worker = workers.worker()
    assert soon(lambda: _states(workers) == {"running"})
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(TIMEOUT_SECONDS) == 0
    assert workers.are_done(jobs)


def _states(workers: Workers) -> set[str]:
    with workers.app.app_context():
        return set(db.session.scalars(select(Job.state)))
