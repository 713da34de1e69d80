"""Progress, checkpoints, cancellation, error messages and liveness of jobs."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from madang.core import events
from madang.core.clock import at, now
from madang.core.db import transaction
from madang.core.errors import InvalidInput
from madang.core.i18n import _, use_locale
from madang.core.queue import Job, Outcome, checkpoint, job, processes, progress, run_due
from madang.core.queue import worker as working
from madang.core.queue.events import JobFinished, JobProgressed
from madang.core.queue.running import LEASE, claim_job, release_orphaned, run_job
from madang.core.queue.worker import Worker
from madang.subscriptions import SUBSCRIPTIONS
from tests.core.queue.test_jobs import _job_row, _wait_until

OWNER = 7
pieces: list[object] = []
gates: dict[str, threading.Event] = {}


@job("tests.walk", title=lambda: "Walk the yard")
def walk(to: int) -> Outcome:
    progress(to)
    gates["reported"].set()
    gates["go on"].wait(20)
    progress(to + 1)
    return Outcome({"steps": to}, "20200101T000000-secret.txt")


@job("tests.sweep", title=lambda: "Sweep the yard")
def sweep(after: int = 0) -> None:
    """Commits each piece separately, and fails in the middle the first time."""
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
    gates.update({"reported": threading.Event(), "go on": threading.Event()})
    with app.app_context():
        yield


@pytest.fixture
def emitted():
    """The events of jobs."""
    received: list[object] = []
    events.connect({JobProgressed: [received.append], JobFinished: [received.append]})
    yield received
    events.connect(SUBSCRIPTIONS)


def _enqueue(function, **arguments) -> int:
    with transaction():
        return function.enqueue(owner_id=OWNER, **arguments).id


def _change(job_id: int, **values) -> None:
    with transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(values))


def _start_worker(app, monkeypatch) -> Worker:
    monkeypatch.setattr(working, "PROGRESS_SECONDS", 0.01)
    worker = Worker(app)
    worker.start()
    return worker


def test_progress_is_written_while_the_job_runs_and_emitted_as_events(app, monkeypatch, emitted):
    worker = _start_worker(app, monkeypatch)
    try:
        job_id = _enqueue(walk, to=40)
        assert _wait_until(lambda: _job_row(job_id).progress == 40)
        assert _job_row(job_id).state == "running"
        gates["go on"].set()
        assert _wait_until(lambda: _job_row(job_id).state == "done")
    finally:
        worker.stop()
    row = _job_row(job_id)
    assert (row.progress, row.result, row.result_file) == (100, {"steps": 40}, "20200101T000000-secret.txt")
    assert emitted[0] == JobProgressed(job_id, OWNER, 40, "running")
    assert emitted[-1] == JobFinished(job_id, OWNER, "done")


def test_a_cancelled_running_job_stops(app, monkeypatch, emitted):
    monkeypatch.setattr("madang.core.queue.context.CANCEL_CHECK_SECONDS", 0)
    worker = _start_worker(app, monkeypatch)
    try:
        job_id = _enqueue(walk, to=40)
        assert gates["reported"].wait(20)
        _change(job_id, cancel_asked_at=now())
        gates["go on"].set()
        assert _wait_until(lambda: _job_row(job_id).state == "cancelled")
    finally:
        worker.stop()
    assert _job_row(job_id).result is None
    assert emitted[-1] == JobFinished(job_id, OWNER, "cancelled")


def test_a_cancelled_job_whose_worker_died_is_not_run_again(emitted):
    job_id, moment = _enqueue(sweep), now()
    with at(moment):
        claim_job("died")
        _change(job_id, cancel_asked_at=moment)
    with at(moment + LEASE * 2):
        run_due()
    assert (_job_row(job_id).state, pieces) == ("cancelled", [])


def test_a_job_resumes_at_its_checkpoint(emitted):
    job_id = _enqueue(sweep)
    gates[1] = threading.Event()
    run_due()
    row = _job_row(job_id)
    assert (row.state, row.progress, row.arguments) == ("queued", 50, {"after": 2})
    with at(now() + timedelta(hours=1)):
        run_due()
    assert pieces == [0, 1, 2, 3]
    assert _job_row(job_id).state == "done"
    assert [event.progress for event in emitted if isinstance(event, JobProgressed)] == [25, 50, 75, 100]


def test_a_checkpoint_without_a_valid_claim_rolls_its_piece_back():
    job_id, moment = _enqueue(sweep), now()
    with at(moment):
        slow = claim_job("slow")
    with at(moment + LEASE * 2):
        claim_job("quick")
        run_job(slow)
    assert _job_row(job_id).arguments == {}
    assert (_job_row(job_id).state, _job_row(job_id).worker) == ("running", "quick")


def test_an_error_message_is_in_the_language_of_the_request(emitted):
    with use_locale("ko"):
        job_id = _enqueue(refuse)
    with use_locale("en"):
        run_due()
    row = _job_row(job_id)
    assert (row.state, row.error_code, row.error) == ("failed", "invalid_input", None)
    assert "3자" in row.error_words
    assert emitted == [], "a job without a title emits no event"


def test_jobs_of_ended_processes_are_released_at_once(monkeypatch):
    gone = _enqueue(sweep)
    claim_job(processes.worker_name(1))
    here = _enqueue(sweep)
    claim_job(processes.worker_name(2))
    elsewhere = _enqueue(sweep)
    claim_job("host:0123456789ab:1:5:1")
    _change(gone, worker=processes.worker_name(1).replace(f":{processes.os.getpid()}:", ":4194399:"))
    assert release_orphaned() == 1
    assert run_due("living") == 1
    assert [_job_row(number).state for number in (gone, here, elsewhere)] == ["done", "running", "running"]


def test_a_reused_process_id_does_not_count_as_alive():
    host, machine, pid, started, number = processes.worker_name(1).split(":")
    assert not processes.is_dead(processes.worker_name(3))
    assert processes.is_dead(":".join([host, machine, pid, str(int(started) - 1), number]))
    assert not processes.is_dead("a name of another kind")
