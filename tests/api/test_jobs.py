"""Jobs and tools by the API."""

import pytest
from sqlalchemy import update

from madang.core.clock import now
from madang.core.db import transaction
from madang.core.queue import Job
from madang.core.queue.result_files import RESULT_FILE_RETENTION
from tests.accounts.mailbox import mails, run_jobs

from .programs import Program, program_of
from .test_users import pages

pytestmark = pytest.mark.each_database


@pytest.fixture
def client(ann) -> Program:
    return program_of(ann)


def request_count(program: Program, text: str = "Lift it gently.") -> dict:
    answer = program.post("/tools/word-counts", {"text": text})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json['id']}"
    return answer.json


def test_words_are_counted_by_a_job(app, client):
    job = request_count(client)
    assert (job["name"], job["title"], job["state"]) == ("tools.count_words", "Count words", "queued")
    assert client.get(f"/jobs/{job['id']}/result").json["code"] == "conflict"
    run_jobs(app)
    done = client.read(f"/jobs/{job['id']}")
    assert (done["state"], done["is_ended"], done["file_url"], done["problem"]) == ("done", True, None, "")
    assert client.read(f"/jobs/{job['id']}/result")["result"]["words"] == 3
    assert client.get(f"/jobs/{job['id']}/file").json["code"] == "gone"


def test_invalid_word_counts_are_refused(client):
    assert client.post("/tools/word-counts", {}).json["errors"].keys() == {"text"}
    both = client.post("/tools/word-counts", {"text": "x", "url": "https://example.org"})
    assert both.json["errors"].keys() == {"url"}
    assert client.post("/tools/word-counts", {"url": "http://127.0.0.1/"}).json["errors"].keys() == {"url"}


def test_an_e_mail_is_sent_by_a_job(app, client):
    wrong = client.post("/tools/mails", {"to": "nowhere", "subject": "", "body": " "})
    assert wrong.json["errors"].keys() == {"to", "subject", "body"}
    words = {"to": "cho@example.org", "subject": "The yard", "body": "At noon?"}
    assert client.post("/tools/mails", words).status_code == 201
    assert mails(app)[-1]["Subject"] == "The yard"


def test_jobs_are_listed_only_for_their_owner(client, bob):
    numbers = [request_count(client, f"Text number {number}.")["id"] for number in range(5)]
    assert pages(client, "/jobs", "id", 2) == numbers[::-1]
    stranger = program_of(bob)
    assert pages(stranger, "/jobs", "id") == []
    for path in ("", "/result", "/file"):
        assert stranger.get(f"/jobs/{numbers[0]}{path}").status_code == 404
    for verb in ("cancel", "retry"):
        assert stranger.put(f"/jobs/{numbers[0]}/{verb}").status_code == 404


def test_a_job_is_cancelled_and_retried(app, client):
    path = f"/jobs/{request_count(client)['id']}"
    assert client.put(f"{path}/retry").status_code == 409
    assert client.put(f"{path}/cancel").json["state"] == "cancelled"
    assert client.put(f"{path}/cancel").status_code == 409
    assert client.put(f"{path}/retry").json["state"] == "queued"
    run_jobs(app)
    assert client.read(path)["state"] == "done"


def test_a_file_expires(app, client):
    job = client.post("/me/export").json
    run_jobs(app)
    address = client.read(f"/jobs/{job['id']}")["file_url"]
    assert client.get(address).headers["Cache-Control"] == "private, no-store"
    with app.app_context(), transaction() as session:
        session.execute(update(Job).where(Job.id == job["id"]).values(finished_at=now() - RESULT_FILE_RETENTION))
    assert client.get(address).json["code"] == "gone"


def test_administrators_start_maintenance_jobs(app, client, dan, ruth):
    payload = {"job": "rebuild_index"}
    for program in (client, program_of(dan)):
        assert program.post("/admin/jobs", payload).json["code"] == "forbidden"
    admin = program_of(ruth)
    assert admin.post("/admin/jobs", {"job": "dance"}).json["errors"].keys() == {"job"}
    for name in ("rebuild_index", "purge"):
        job = admin.post("/admin/jobs", {"job": name})
        assert job.status_code == 201
        run_jobs(app)
        assert admin.read(job.headers["Location"])["state"] == "done"
    secret = admin.post("/me/tokens", {"name": "x", "scopes": ["read", "write"]}).json["secret"]
    assert Program(app, secret).post("/admin/jobs", payload).json["code"] == "insufficient_scope"


def test_a_guest_counts_words_too(app, visitor):
    page = visitor.page("/tools/word-counter")
    headers = {"X-CSRFToken": page.partition('name="csrf-token" content="')[2].partition('"')[0]}
    answer = visitor.client.post("/api/v1/tools/word-counts", json={"text": "Lift it."}, headers=headers)
    assert answer.status_code == 201
    run_jobs(app)
    assert visitor.client.get(f"{answer.headers['Location']}/result").json["result"]["words"] == 2
    assert Program(app).post("/tools/word-counts", {"text": "Lift it."}).status_code == 401
