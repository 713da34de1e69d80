"""Pages of a person's jobs, which only their owner can see, cancel, retry and download."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from madang.accounts.models import LoginSession
from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.core.queue import Job, Outcome, job
from madang.core.queue.result_files import new_result_file, results_folder
from madang.jobs.jobs import purge
from madang.jobs.operations import cancel_job
from tests.accounts.mailbox import run_jobs

pytestmark = pytest.mark.each_database


@job("tests.draw_map", title=lambda: "Draw a map", about=lambda arguments: arguments["of"])
def draw_map(of: str) -> Outcome:
    path = new_result_file("txt", now())
    path.write_text(f"a map of {of}", encoding="utf-8")
    return Outcome({"file_name": "map of the yard.txt"}, path.name)


@job("tests.whisper")
def whisper() -> None:
    """A job without a title, which is not listed."""


def _enqueue(person, function=draw_map, **arguments) -> int:
    with person.app.app_context(), transaction():
        return function.enqueue(owner_id=person.id, **(arguments if function is whisper else {"of": "the yard"})).id


def _update(app, job_id: int, **values) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(values))


def _state(app, job_id: int) -> str:
    with app.app_context():
        return db.session.scalar(select(Job.state).where(Job.id == job_id))


def test_the_list_shows_the_own_jobs_with_their_states(app, ann, bob):
    assert "No jobs yet" in ann.page("/jobs")
    job_id = _enqueue(ann)
    _enqueue(bob)
    page = ann.page("/jobs")
    assert page.count("data-job=") == 1
    assert "Draw a map" in page and "the yard" in page and "Waiting" in page and 'data-hx-trigger="every 2s"' in page
    _update(app, job_id, state="running", progress=40)
    assert '<progress max="100" value="40"' in ann.page("/jobs")
    _update(app, job_id, state="done", progress=100, finished_at=now())
    page = ann.page("/jobs")
    assert "Done" in page and "data-hx-trigger" not in page


def test_jobs_without_a_title_are_not_shown(ann):
    job_id = _enqueue(ann, whisper)
    assert "No jobs yet" in ann.page("/jobs")
    ann.page(f"/jobs/{job_id}", 404)


def test_a_long_list_has_pages(app, ann):
    for _number in range(35):
        _enqueue(ann)
    assert ann.page("/jobs").count("data-job=") == 30
    assert ann.page("/jobs?page=2").count("data-job=") == 5


def test_the_number_of_queries_does_not_depend_on_the_number_of_jobs(app, ann, monkeypatch):
    from tests.test_conventions_routes import recorded_statements

    monkeypatch.setattr("madang.core.ttl_cache.monotonic", lambda: 0.0)  # no cached value expires during the test
    counts = []
    for number in (1, 20):
        for _job in range(number):
            _enqueue(ann)
        ann.page("/jobs")
        with recorded_statements(app) as statements:
            ann.page("/jobs")
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("get", "/row"), ("get", "/download"), ("post", "/cancel"), ("post", "/retry")],
)
def test_the_jobs_of_others_are_not_found(app, ann, eve, root, method, path):
    job_id = _enqueue(ann)
    run_jobs(app)
    for stranger in (eve, root):
        assert getattr(stranger, method)(f"/jobs/{job_id}{path}").status_code == 404
        assert getattr(stranger, method)(f"/jobs/{job_id + 1000}{path}").status_code == 404
    assert _state(app, job_id) == "done"


def test_a_queued_job_is_cancelled_immediately(app, ann):
    job_id = _enqueue(ann)
    assert "The job has been cancelled." in ann.follow(ann.post(f"/jobs/{job_id}/cancel"))
    assert _state(app, job_id) == "cancelled"
    run_jobs(app)
    assert _state(app, job_id) == "cancelled"


def test_a_running_job_is_requested_to_stop(app, ann):
    job_id = _enqueue(ann)
    _update(app, job_id, state="running", worker="somebody", lease_until=now() + timedelta(minutes=1))
    page = ann.follow(ann.post(f"/jobs/{job_id}/cancel"))
    assert "will stop as soon as it can" in page and "Cancelling" in page
    assert _state(app, job_id) == "running"


def test_a_job_that_has_just_ended_cannot_be_cancelled(app, ann):
    job_id = _enqueue(ann)
    run_jobs(app)
    response = ann.post(f"/jobs/{job_id}/cancel")
    assert response.status_code == 409
    assert "This job has already ended" in response.text
    assert _state(app, job_id) == "done"


def test_a_job_that_ends_while_it_is_being_cancelled_stays_done(app, ann):
    """The worker ends the job after its row was read for cancelling."""
    job_id = _enqueue(ann)
    with app.app_context():
        waiting = db.session.get(Job, job_id)
        db.session.rollback()
        working = threading.Thread(target=run_jobs, args=(app,))
        working.start()
        working.join(30)
        with pytest.raises(Exception, match="already ended"), transaction():
            cancel_job(waiting, now=now())
    assert _state(app, job_id) == "done"


def test_only_a_failed_or_cancelled_job_is_retried(app, ann):
    job_id = _enqueue(ann)
    response = ann.post(f"/jobs/{job_id}/retry")
    assert response.status_code == 409 and "can be run again" in response.text
    ann.post(f"/jobs/{job_id}/cancel")
    assert "The job has been started again." in ann.follow(ann.post(f"/jobs/{job_id}/retry"))
    run_jobs(app)
    assert _state(app, job_id) == "done"


def test_a_failed_job_shows_its_reason_without_internals(app, ann):
    job_id = _enqueue(ann)
    _update(app, job_id, state="failed", error="Traceback: secret", error_words="The map is <torn>.", finished_at=now())
    page = ann.page(f"/jobs/{job_id}")
    assert "The map is &lt;torn&gt;." in page and "secret" not in page


def test_the_file_can_be_downloaded_for_a_week(app, ann):
    job_id, moment = _enqueue(ann), now()
    run_jobs(app)
    assert f"/jobs/{job_id}/download" in ann.page("/jobs")
    response = ann.get(f"/jobs/{job_id}/download")
    assert (response.status_code, response.text) == (200, "a map of the yard")
    assert "map of the yard.txt" in response.headers["Content-Disposition"]
    assert "no-store" in response.headers["Cache-Control"]
    with at(moment + timedelta(days=4)):
        ann.page("/")
    with at(moment + timedelta(days=7, seconds=1)):
        assert f"/jobs/{job_id}/download" not in ann.page("/jobs")
        ann.page(f"/jobs/{job_id}/download", 410)


def test_a_job_without_a_file_has_none_to_download(app, ann):
    ann.page(f"/jobs/{_enqueue(ann)}/download", 410)


def test_the_row_of_an_ended_job_replaces_itself_or_the_page(app, ann):
    job_id = _enqueue(ann)
    waiting = ann.get(f"/jobs/{job_id}/row")
    assert "Waiting" in waiting.text and "HX-Retarget" not in waiting.headers
    run_jobs(app)
    ended = ann.get(f"/jobs/{job_id}/row")
    assert ended.headers["HX-Retarget"] == f"#job-{job_id}" and "Download" in ended.text
    assert ann.get(f"/jobs/{job_id}/row?on=page").headers["HX-Refresh"] == "true"


def test_administrators_start_maintenance_jobs(app, ann, root):
    for path in ("/jobs/rebuild-search", "/jobs/purge"):
        assert ann.post(path).status_code == 403
        page = root.follow(root.post(path))
        assert "Waiting" in page
    assert "Maintenance" in root.page("/jobs")
    assert "Maintenance" not in ann.page("/jobs")
    run_jobs(app)
    assert root.page("/jobs").count("Done") == 2


def test_the_purge_deletes_only_what_has_expired(app, ann):
    moment = now()
    listed, unlisted = _enqueue(ann), _enqueue(ann, whisper)
    run_jobs(app)
    ann.post("/auth/logout")

    def purge_at(days: int) -> list[int]:
        with at(moment + timedelta(days=days)), app.app_context():
            with transaction():
                purge.enqueue()
            run_jobs(app)
            db.session.rollback()
            return list(db.session.scalars(select(Job.id).where(Job.id.in_([listed, unlisted]))))

    assert sorted(purge_at(6)) == [listed, unlisted]
    assert len(list(_files(app))) == 1
    assert purge_at(8) == [listed]
    assert list(_files(app)) == []
    assert purge_at(31) == []
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 0


def _files(app) -> list[Path]:
    with app.app_context():
        return list(results_folder().glob("*"))


def test_the_purge_deletes_incomplete_files(app, ann):
    with app.app_context():
        incomplete = new_result_file("zip", now() - timedelta(days=8))
        incomplete.write_bytes(b"PK")
        with transaction():
            purge.enqueue()
    run_jobs(app)
    assert not incomplete.exists()


def test_the_pages_are_translated(cho):
    _enqueue(cho)
    page = cho.page("/jobs")
    assert "대기 중" in page and "도구" in page


def test_the_end_of_a_job_notifies_once(app, ann):
    """By the bell, which its owner can switch off in the preferences; nothing comes into the inbox besides."""
    job_id = _enqueue(ann)
    run_jobs(app)
    assert _state(app, job_id) == "done"
    page = ann.page("/notifications?unread=1")
    assert page.count("“Draw a map” is done") == 1
    assert 'data-unread="unread_notification_count" data-count="1">1<' in page
    assert 'data-unread="unread_message_count" data-count="0" id="unread-messages" hidden>0<' in page
    assert "No messages yet" in ann.page("/messages")
