"""Jobs that say how far they are, that nobody wants any more, and whose words are for their owner."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from madang.core import events
from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.core.errors import InvalidInput
from madang.core.i18n import _, use_locale
from madang.core.queue import Job, Outcome, checkpoint, job, processes, progress, run_due
from madang.core.queue import worker as working
from madang.core.queue.events import JobFinished, JobProgressed
from madang.core.queue.running import LEASE, claim_job, release_orphaned, run_job
from madang.core.queue.worker import Worker
from madang.subscriptions import SUBSCRIPTIONS
from tests.core.test_jobs import _wait_until

OWNER = 7
pieces: list[object] = []
gates: dict[str, threading.Event] = {}


@job("tests.walk", title=lambda: "Walk the yard")
def walk(to: int) -> Outcome:
    progress(to)
    gates["said"].set()
    gates["go on"].wait(20)
    progress(to + 1)
    return Outcome({"steps": to}, "20200101T000000-secret.txt")


@job("tests.sweep", title=lambda: "Sweep the yard")
def sweep(after: int = 0) -> None:
    """Commits each piece by itself, and stops in the middle the first time."""
    for number in range(after, 4):
        with transaction():
            pieces.append(number)
            checkpoint(25 * (number + 1), after=number + 1)
        if number in gates:
            gates.pop(number)
            raise OSError("the broom broke")


@job("tests.refuse")
def refuse() -> None:
    raise InvalidInput(_("Please shorten this to %(count)s characters.", count=3))


@pytest.fixture(autouse=True)
def context(app):
    pieces.clear()
    gates.clear()
    gates.update({"said": threading.Event(), "go on": threading.Event()})
    with app.app_context():
        yield


@pytest.fixture
def told():
    """What is told of jobs."""
    heard: list[object] = []
    events.connect({JobProgressed: [heard.append], JobFinished: [heard.append]})
    yield heard
    events.connect(SUBSCRIPTIONS)


def _ask(function, **arguments) -> int:
    with transaction():
        return function.enqueue(owner_id=OWNER, **arguments).id


def _row(job_id: int):
    db.session.rollback()
    return db.session.execute(select(*Job.__table__.columns).where(Job.id == job_id)).one()


def _change(job_id: int, **values) -> None:
    with transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(values))


def _work(app, monkeypatch) -> Worker:
    monkeypatch.setattr(working, "PROGRESS_SECONDS", 0.01)
    worker = Worker(app)
    worker.start()
    return worker


def test_progress_is_seen_while_the_job_runs_and_is_told_with_the_end(app, monkeypatch, told):
    worker = _work(app, monkeypatch)
    try:
        job_id = _ask(walk, to=40)
        assert _wait_until(lambda: _row(job_id).progress == 40)
        assert _row(job_id).state == "running"
        gates["go on"].set()
        assert _wait_until(lambda: _row(job_id).state == "done")
    finally:
        worker.stop()
    row = _row(job_id)
    assert (row.progress, row.result, row.result_file) == (100, {"steps": 40}, "20200101T000000-secret.txt")
    assert told[0] == JobProgressed(job_id, OWNER, 40, "running")
    assert told[-1] == JobFinished(job_id, OWNER, "done")


def test_a_running_job_that_nobody_wants_any_more_stops(app, monkeypatch, told):
    monkeypatch.setattr("madang.core.queue.context.CANCEL_CHECK_SECONDS", 0)
    worker = _work(app, monkeypatch)
    try:
        job_id = _ask(walk, to=40)
        assert gates["said"].wait(20)
        _change(job_id, cancel_asked_at=now())
        gates["go on"].set()
        assert _wait_until(lambda: _row(job_id).state == "cancelled")
    finally:
        worker.stop()
    assert _row(job_id).result is None
    assert told[-1] == JobFinished(job_id, OWNER, "cancelled")


def test_a_job_whose_worker_died_before_it_heard_is_cancelled_and_not_run(told):
    job_id, moment = _ask(sweep), now()
    with at(moment):
        claim_job("died")
        _change(job_id, cancel_asked_at=moment)
    with at(moment + LEASE * 2):
        run_due()
    assert (_row(job_id).state, pieces) == ("cancelled", [])


def test_a_job_in_pieces_goes_on_where_it_was(told):
    job_id = _ask(sweep)
    gates[1] = threading.Event()
    run_due()
    assert (_row(job_id).state, _row(job_id).progress, _row(job_id).arguments) == ("queued", 50, {"after": 2})
    with at(now() + timedelta(hours=1)):
        run_due()
    assert pieces == [0, 1, 2, 3]
    assert _row(job_id).state == "done"
    assert [event.progress for event in told if isinstance(event, JobProgressed)] == [25, 50, 75, 100]


def test_a_piece_of_a_job_that_another_has_is_taken_back():
    job_id, moment = _ask(sweep), now()
    with at(moment):
        slow = claim_job("slow")
    with at(moment + LEASE * 2):
        claim_job("quick")
        run_job(slow)
    assert _row(job_id).arguments == {}
    assert (_row(job_id).state, _row(job_id).worker) == ("running", "quick")


def test_a_refusal_is_told_at_once_in_the_language_it_was_asked_in(told):
    with use_locale("ko"):
        job_id = _ask(refuse)
    with use_locale("en"):
        run_due()
    row = _row(job_id)
    assert (row.state, row.error_code, row.error) == ("failed", "invalid_input", None)
    assert "3자" in row.error_words
    assert told == [], "a job that its owner does not see is not told of"


def test_jobs_of_a_process_that_is_no_more_are_free_at_once(monkeypatch):
    gone = _ask(sweep)
    claim_job(processes.worker_name(1))
    here = _ask(sweep)
    claim_job(processes.worker_name(2))
    elsewhere = _ask(sweep)
    claim_job("host:0123456789ab:1:5:1")
    _change(gone, worker=processes.worker_name(1).replace(f":{processes.os.getpid()}:", ":4194399:"))
    assert release_orphaned() == 1
    assert run_due("living") == 1
    assert [_row(number).state for number in (gone, here, elsewhere)] == ["done", "running", "running"]


def test_a_number_that_another_process_has_got_by_now_is_no_sign_of_life():
    host, machine, pid, started, number = processes.worker_name(1).split(":")
    assert not processes.is_dead(processes.worker_name(3))
    assert processes.is_dead(":".join([host, machine, pid, str(int(started) - 1), number]))
    assert not processes.is_dead("a name of another kind")
