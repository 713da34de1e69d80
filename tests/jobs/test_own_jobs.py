"""A person's jobs: seen, cancelled, run again and downloaded by their owner alone."""

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
    """Nobody sees this one."""


def _ask(person, function=draw_map, **arguments) -> int:
    with person.app.app_context(), transaction():
        return function.enqueue(owner_id=person.id, **(arguments if function is whisper else {"of": "the yard"})).id


def _set(app, job_id: int, **values) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(values))


def _state(app, job_id: int) -> str:
    with app.app_context():
        return db.session.scalar(select(Job.state).where(Job.id == job_id))


def test_the_list_shows_ones_own_jobs_with_their_states(app, ann, bob):
    assert "No jobs yet" in ann.page("/jobs")
    job_id = _ask(ann)
    _ask(bob)
    page = ann.page("/jobs")
    assert page.count("data-job=") == 1
    assert "Draw a map" in page and "the yard" in page and "Waiting" in page and 'data-hx-trigger="every 2s"' in page
    _set(app, job_id, state="running", progress=40)
    assert '<progress max="100" value="40"' in ann.page("/jobs")
    _set(app, job_id, state="done", progress=100, finished_at=now())
    page = ann.page("/jobs")
    assert "Done" in page and "data-hx-trigger" not in page


def test_jobs_that_nobody_asked_for_by_name_are_not_shown(ann):
    job_id = _ask(ann, whisper)
    assert "No jobs yet" in ann.page("/jobs")
    ann.page(f"/jobs/{job_id}", 404)


def test_a_long_list_has_pages(app, ann):
    for _number in range(35):
        _ask(ann)
    assert ann.page("/jobs").count("data-job=") == 30
    assert ann.page("/jobs?page=2").count("data-job=") == 5


def test_a_list_asks_the_database_as_much_for_many_jobs_as_for_one(app, ann):
    from tests.test_conventions_routes import _counted

    counts = []
    for number in (1, 20):
        for _job in range(number):
            _ask(ann)
        ann.page("/jobs")
        with _counted(app) as statements:
            ann.page("/jobs")
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("get", "/row"), ("get", "/download"), ("post", "/cancel"), ("post", "/retry")],
)
def test_nobody_reaches_anothers_job(app, ann, eve, root, method, path):
    job_id = _ask(ann)
    run_jobs(app)
    for stranger in (eve, root):
        assert getattr(stranger, method)(f"/jobs/{job_id}{path}").status_code == 404
        assert getattr(stranger, method)(f"/jobs/{job_id + 1000}{path}").status_code == 404
    assert _state(app, job_id) == "done"


def test_a_job_that_waits_is_cancelled_at_once(app, ann):
    job_id = _ask(ann)
    assert "The job is cancelled." in ann.follow(ann.post(f"/jobs/{job_id}/cancel"))
    assert _state(app, job_id) == "cancelled"
    run_jobs(app)
    assert _state(app, job_id) == "cancelled"


def test_a_job_that_runs_is_asked_to_stop(app, ann):
    job_id = _ask(ann)
    _set(app, job_id, state="running", worker="somebody", lease_until=now() + timedelta(minutes=1))
    page = ann.follow(ann.post(f"/jobs/{job_id}/cancel"))
    assert "stops as soon as it can" in page and "Being cancelled" in page
    assert _state(app, job_id) == "running"


def test_a_job_that_has_just_ended_cannot_be_cancelled(app, ann):
    job_id = _ask(ann)
    run_jobs(app)
    response = ann.post(f"/jobs/{job_id}/cancel")
    assert response.status_code == 409
    assert "This job has already ended" in response.text
    assert _state(app, job_id) == "done"


def test_a_worker_that_is_quicker_than_the_cancelling_wins(app, ann):
    """The page was printed while the job waited, the row is read, and then the worker ends it."""
    job_id = _ask(ann)
    with app.app_context():
        waiting = db.session.get(Job, job_id)
        db.session.rollback()
        working = threading.Thread(target=run_jobs, args=(app,))
        working.start()
        working.join(30)
        with pytest.raises(Exception, match="already ended"), transaction():
            cancel_job(waiting, now=now())
    assert _state(app, job_id) == "done"


def test_only_what_failed_or_was_cancelled_is_run_again(app, ann):
    job_id = _ask(ann)
    response = ann.post(f"/jobs/{job_id}/retry")
    assert response.status_code == 409 and "can be run again" in response.text
    ann.post(f"/jobs/{job_id}/cancel")
    assert "The job runs again." in ann.follow(ann.post(f"/jobs/{job_id}/retry"))
    run_jobs(app)
    assert _state(app, job_id) == "done"


def test_a_failed_job_says_why_and_never_more_than_that(app, ann):
    job_id = _ask(ann)
    _set(app, job_id, state="failed", error="Traceback: secret", error_words="The map is <torn>.", finished_at=now())
    page = ann.page(f"/jobs/{job_id}")
    assert "The map is &lt;torn&gt;." in page and "secret" not in page


def test_the_file_is_downloaded_under_its_name_for_a_week(app, ann):
    job_id, moment = _ask(ann), now()
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
    ann.page(f"/jobs/{_ask(ann)}/download", 410)


def test_a_piece_of_the_page_tells_the_page_of_the_end(app, ann):
    job_id = _ask(ann)
    waiting = ann.get(f"/jobs/{job_id}/row")
    assert "Waiting" in waiting.text and "HX-Retarget" not in waiting.headers
    run_jobs(app)
    ended = ann.get(f"/jobs/{job_id}/row")
    assert ended.headers["HX-Retarget"] == f"#job-{job_id}" and "Download" in ended.text
    assert ann.get(f"/jobs/{job_id}/row?on=page").headers["HX-Refresh"] == "true"


def test_administrators_start_what_keeps_the_site_in_order(app, ann, root):
    for path in ("/jobs/rebuild-search", "/jobs/purge"):
        assert ann.post(path).status_code == 403
        page = root.follow(root.post(path))
        assert "Waiting" in page
    assert "Keeping the site in order" in root.page("/jobs")
    assert "Keeping the site in order" not in ann.page("/jobs")
    run_jobs(app)
    assert root.page("/jobs").count("Done") == 2


def test_the_purge_throws_away_what_has_run_out_and_nothing_else(app, ann):
    moment = now()
    kept_job, hidden = _ask(ann), _ask(ann, whisper)
    run_jobs(app)
    ann.post("/auth/logout")

    def purge_at(days: int) -> list[int]:
        with at(moment + timedelta(days=days)), app.app_context():
            with transaction():
                purge.enqueue()
            run_jobs(app)
            db.session.rollback()
            return list(db.session.scalars(select(Job.id).where(Job.id.in_([kept_job, hidden]))))

    assert sorted(purge_at(6)) == [kept_job, hidden]
    assert len(list(_files(app))) == 1
    assert purge_at(8) == [kept_job]
    assert list(_files(app)) == []
    assert purge_at(31) == []
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 0


def _files(app) -> list[Path]:
    with app.app_context():
        return list(results_folder().glob("*"))


def test_a_file_that_was_left_half_made_goes_too(app, ann):
    with app.app_context():
        half = new_result_file("zip", now() - timedelta(days=8))
        half.write_bytes(b"PK")
        with transaction():
            purge.enqueue()
    run_jobs(app)
    assert not half.exists()


def test_the_pages_speak_korean(cho):
    _ask(cho)
    page = cho.page("/jobs")
    assert "기다리는 중" in page and "도구" in page
