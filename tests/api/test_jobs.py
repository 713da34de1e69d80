"""Jobs and tools by the API."""

import pytest
from sqlalchemy import update

from madang.core.clock import now
from madang.core.db import transaction
from madang.core.queue import Job
from madang.core.queue.result_files import FILES_KEPT
from tests.accounts.mailbox import mails, run_jobs

from .programs import Program, program_of
from .test_users import pages

pytestmark = pytest.mark.each_database


@pytest.fixture
def hers(ann) -> Program:
    return program_of(ann)


def counted(program: Program, text: str = "Lift it gently.") -> dict:
    answer = program.post("/tools/word-counts", {"text": text})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json['id']}"
    return answer.json


def test_words_are_counted_by_a_job(app, hers):
    job = counted(hers)
    assert (job["name"], job["title"], job["state"]) == ("tools.count_words", "Count words", "queued")
    assert hers.get(f"/jobs/{job['id']}/result").json["code"] == "conflict"
    run_jobs(app)
    done = hers.read(f"/jobs/{job['id']}")
    assert (done["state"], done["is_ended"], done["file_url"], done["problem"]) == ("done", True, None, "")
    assert hers.read(f"/jobs/{job['id']}/result")["result"]["words"] == 3
    assert hers.get(f"/jobs/{job['id']}/file").json["code"] == "gone"


def test_what_cannot_be_counted_is_said(hers):
    assert hers.post("/tools/word-counts", {}).json["errors"].keys() == {"text"}
    both = hers.post("/tools/word-counts", {"text": "x", "url": "https://example.org"})
    assert both.json["errors"].keys() == {"url"}
    assert hers.post("/tools/word-counts", {"url": "http://127.0.0.1/"}).json["errors"].keys() == {"url"}


def test_an_e_mail_is_sent_by_a_job(app, hers):
    wrong = hers.post("/tools/mails", {"to": "nowhere", "subject": "", "body": " "})
    assert wrong.json["errors"].keys() == {"to", "subject", "body"}
    words = {"to": "cho@example.org", "subject": "The yard", "body": "At noon?"}
    assert hers.post("/tools/mails", words).status_code == 201
    assert mails(app)[-1]["Subject"] == "The yard"


def test_jobs_are_listed_for_their_owner_alone(hers, bob):
    numbers = [counted(hers, f"Text number {number}.")["id"] for number in range(5)]
    assert pages(hers, "/jobs", "id", 2) == numbers[::-1]
    stranger = program_of(bob)
    assert pages(stranger, "/jobs", "id") == []
    for path in ("", "/result", "/file"):
        assert stranger.get(f"/jobs/{numbers[0]}{path}").status_code == 404
    for verb in ("cancel", "retry"):
        assert stranger.put(f"/jobs/{numbers[0]}/{verb}").status_code == 404


def test_a_job_is_cancelled_and_run_again(app, hers):
    path = f"/jobs/{counted(hers)['id']}"
    assert hers.put(f"{path}/retry").status_code == 409
    assert hers.put(f"{path}/cancel").json["state"] == "cancelled"
    assert hers.put(f"{path}/cancel").status_code == 409
    assert hers.put(f"{path}/retry").json["state"] == "queued"
    run_jobs(app)
    assert hers.read(path)["state"] == "done"


def test_a_file_is_kept_for_a_while(app, hers):
    job = hers.post("/me/export").json
    run_jobs(app)
    address = hers.read(f"/jobs/{job['id']}")["file_url"]
    assert hers.get(address).headers["Cache-Control"] == "private, no-store"
    with app.app_context(), transaction() as session:
        session.execute(update(Job).where(Job.id == job["id"]).values(finished_at=now() - FILES_KEPT))
    assert hers.get(address).json["code"] == "gone"


def test_administrators_start_what_keeps_the_site_in_order(app, hers, dan, ruth):
    wanted = {"job": "rebuild_index"}
    for program in (hers, program_of(dan)):
        assert program.post("/admin/jobs", wanted).json["code"] == "forbidden"
    admin = program_of(ruth)
    assert admin.post("/admin/jobs", {"job": "dance"}).json["errors"].keys() == {"job"}
    for name in ("rebuild_index", "purge"):
        job = admin.post("/admin/jobs", {"job": name})
        assert job.status_code == 201
        run_jobs(app)
        assert admin.read(job.headers["Location"])["state"] == "done"
    secret = admin.post("/me/tokens", {"name": "x", "scopes": ["read", "write"]}).json["secret"]
    assert Program(app, secret).post("/admin/jobs", wanted).json["code"] == "insufficient_scope"


def test_a_guest_counts_words_too(app, visitor):
    page = visitor.page("/tools/word-counter")
    headers = {"X-CSRFToken": page.partition('name="csrf-token" content="')[2].partition('"')[0]}
    answer = visitor.client.post("/api/v1/tools/word-counts", json={"text": "Lift it."}, headers=headers)
    assert answer.status_code == 201
    run_jobs(app)
    assert visitor.client.get(f"{answer.headers['Location']}/result").json["result"]["words"] == 2
    assert Program(app).post("/tools/word-counts", {"text": "Lift it."}).status_code == 401
