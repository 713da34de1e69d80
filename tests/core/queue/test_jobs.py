"""Background jobs: transactional, effective once, retried, taken over from dead workers."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from madang.boards.models import Board
from madang.core import clock
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.queue import Job, job, run_due
from madang.core.queue import worker as working
from madang.core.queue.functions import USUAL_TRIES
from madang.core.queue.running import LEASE, MAX_DEATHS, claim_job, run_job
from madang.core.queue.worker import Worker

pytestmark = pytest.mark.each_database

calls: list[object] = []
during: list[object] = []  # functions that are called in the middle of a job


@job("tests.write_down")
def write_down(what: str, times: int = 1) -> dict[str, object]:
    """Remembers its argument, and counts a post on a board."""
    calls.append(what)
    db.session.execute(update(Board).where(Board.slug == "qa").values(post_count=Board.post_count + times))
    for function in during:
        function()
    return {"written": what}


@job("tests.write_twice", former={"tests.write_text_twice": lambda text: {"what": text}})
def write_twice(what: str) -> None:
    """A job with a former name, under which its argument was named `text`."""
    calls.extend([what, what])


@job("tests.break_down")
def break_down(where: str) -> None:
    db.session.execute(update(Board).where(Board.slug == "qa").values(post_count=99))
    raise ValueError(f"broken {where}\0")


@pytest.fixture(autouse=True)
def context(app):
    calls.clear()
    during.clear()
    with app.app_context():
        yield


def _enqueue(function=write_down, **arguments) -> int:
    with transaction():
        job = function.enqueue(**(arguments or {"what": "마당"}))
        db.session.flush()
        return job.id


def _job_row(job_id: int):
    db.session.rollback()
    return db.session.execute(select(*Job.__table__.columns).where(Job.id == job_id)).one()


def _post_count() -> int:
    db.session.rollback()
    return db.session.scalar(select(Board.post_count).where(Board.slug == "qa"))


def test_a_job_runs_with_its_arguments_and_keeps_its_result():
    job_id = _enqueue(what="마당 \U0001f3e1", times=3)
    assert _job_row(job_id).state == "queued"
    assert run_due() == 1
    assert calls == ["마당 \U0001f3e1"]
    assert (_job_row(job_id).state, _job_row(job_id).result) == ("done", {"written": "마당 \U0001f3e1"})
    assert _job_row(job_id).finished_at is not None
    assert _post_count() == 3
    assert run_due() == 0


def test_a_job_is_rolled_back_with_its_transaction():
    with pytest.raises(RuntimeError), transaction():
        write_down.enqueue(what="never")
        raise RuntimeError
    assert run_due() == 0


def test_a_delayed_job_waits():
    with transaction():
        write_down.enqueue(what="tomorrow", delay=timedelta(days=1))
    assert run_due() == 0
    with clock.at(now() + timedelta(days=1, seconds=1)):
        assert run_due() == 1


def test_jobs_run_in_the_order_in_which_they_were_enqueued():
    for what in ("first", "second", "third"):
        _enqueue(what=what)
    run_due()
    assert calls == ["first", "second", "third"]


def test_a_failing_job_is_rolled_back_and_retried_with_growing_delays_then_fails():
    job_id, moment, waits = _enqueue(break_down, where="in the middle"), now(), []
    for _attempt in range(USUAL_TRIES):
        with clock.at(moment):
            assert run_due() == 1
        row = _job_row(job_id)
        waits.append(row.run_at - moment)
        moment = max(moment, row.run_at) + timedelta(seconds=1)
        assert "ValueError: broken in the middle" in row.error
    assert row.state == "failed"
    assert row.attempts == USUAL_TRIES
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[0] >= timedelta(seconds=10)
    assert _post_count() == 0
    with clock.at(moment + timedelta(days=30)):
        assert run_due() == 0


def test_a_job_of_a_former_name_runs_with_todays_arguments():
    job_id = _enqueue(write_twice, text="마당")
    with transaction() as session:
        session.execute(update(Job).values(name="tests.write_text_twice"))
    run_due()
    assert calls == ["마당", "마당"]
    assert db.session.get_one(Job, job_id).state == "done"


def test_a_job_of_an_unknown_name_fails_at_once():
    with transaction() as session:
        session.add(Job(name="gone.since_long", arguments={}, run_at=now(), created_at=now()))
    run_due()
    assert db.session.scalars(select(Job.state)).all() == ["failed"]


def test_two_workers_cannot_claim_the_same_job():
    _enqueue()
    assert claim_job("first") is not None
    assert claim_job("second") is None


def test_a_job_whose_worker_died_is_taken_over():
    job_id, moment = _enqueue(), now()
    with clock.at(moment):
        claim_job("died")
    with clock.at(moment + LEASE / 2):
        assert claim_job("too early") is None
    with clock.at(moment + LEASE + timedelta(seconds=1)):
        assert run_due("living") == 1
    assert (_job_row(job_id).state, _job_row(job_id).worker) == ("done", "living")


def test_a_worker_whose_lease_has_expired_rolls_its_effects_back():
    """It was only slow: another worker has run the job meanwhile."""
    job_id, moment = _enqueue(), now()
    with clock.at(moment):
        slow = claim_job("slow")
    with clock.at(moment + LEASE + timedelta(seconds=1)):
        assert run_due("quick") == 1
        run_job(slow)
    assert calls == ["마당", "마당"]
    assert _post_count() == 1
    assert (_job_row(job_id).state, _job_row(job_id).worker) == ("done", "quick")


def test_a_failure_after_the_lease_has_expired_changes_nothing():
    job_id, moment = _enqueue(), now()
    with clock.at(moment):
        slow = claim_job("slow")
    with clock.at(moment + LEASE + timedelta(seconds=1)):
        run_due("quick")
        during.append(lambda: 1 / 0)
        run_job(slow)
    assert (_job_row(job_id).state, _job_row(job_id).error) == ("done", None)


def test_a_job_that_kills_its_workers_fails_in_the_end():
    job_id, moment = _enqueue(), now()
    for _attempt in range(MAX_DEATHS):
        with clock.at(moment):
            assert claim_job("soon dead") is not None
        moment += LEASE + timedelta(seconds=1)
    with clock.at(moment):
        run_due("careful")
    assert calls == []
    assert _job_row(job_id).state == "failed"


def _wait_until(is_true, seconds=20) -> bool:
    """Poll until `is_true()`; returns whether it became true in time."""
    waited = threading.Event()
    for _turn in range(seconds * 50):
        if is_true():
            return True
        waited.wait(0.02)
    return False


def test_a_worker_runs_jobs_enqueued_while_it_runs(app):
    worker = Worker(app)
    worker.start()
    try:
        first = _enqueue(what="first")
        assert _wait_until(lambda: _job_row(first).state == "done")
        second = _enqueue(what="second")
        assert _wait_until(lambda: _job_row(second).state == "done")
    finally:
        worker.stop()
    _enqueue(what="too late")
    assert calls == ["first", "second"]


def test_a_stopping_worker_finishes_its_job(app):
    begun, go_on = threading.Event(), threading.Event()
    during.extend([begun.set, lambda: go_on.wait(20)])
    worker = Worker(app)
    worker.start()
    job_id = _enqueue()
    assert begun.wait(20)
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    go_on.set()
    stopping.join(20)
    assert _job_row(job_id).state == "done"


begun, go_on = threading.Event(), threading.Event()


@job("tests.wait_long")
def wait_long(seconds: int) -> None:
    """Writes nothing while it waits, so that others can write on SQLite too."""
    begun.set()
    go_on.wait(seconds)


def test_a_worker_renews_the_lease_of_a_long_job(app, monkeypatch):
    monkeypatch.setattr(working, "HEARTBEAT_SECONDS", 0.01)
    monkeypatch.setattr(working, "PROGRESS_SECONDS", 0.01)
    begun.clear()
    go_on.clear()
    leases = []
    worker = Worker(app)
    worker.start()
    try:
        job_id = _enqueue(wait_long, seconds=20)
        assert begun.wait(20)
        leases.append(_job_row(job_id).lease_until)
        assert _wait_until(lambda: _job_row(job_id).lease_until > leases[0])
    finally:
        go_on.set()
        worker.stop()
    assert _job_row(job_id).state == "done"
    assert _job_row(job_id).lease_until is None


def test_a_worker_survives_a_database_failure(app, monkeypatch):
    worker, attempts = Worker(app), []

    def fail_once(name):
        attempts.append(name)
        if len(attempts) == 1:
            raise OSError("the database is away")
        return claim_job(name)

    monkeypatch.setattr(working, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(working, "claim_job", fail_once)
    job_id = _enqueue()
    worker.start()
    try:
        assert _wait_until(lambda: _job_row(job_id).state == "done")
    finally:
        worker.stop()
