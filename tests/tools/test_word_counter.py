"""The page of the word counter."""

import pytest
from sqlalchemy import select, update

from madang.accounts.models import User
from madang.core.db import db, transaction
from madang.core.queue import Job
from madang.tools.operations import fetching
from madang.tools.operations.addresses import FetchError
from madang.tools.operations.enqueueing import MAX_WAITING
from madang.tools.operations.fetching import Page
from tests.accounts.mailbox import run_jobs


def _count(app, person, **fields) -> str:
    """Count words; returns the page of the finished job."""
    response = person.post("/tools/word-counter", **fields)
    assert response.status_code == 302, response.text
    run_jobs(app)
    return person.page(response.location)


def test_the_words_of_a_text_are_counted(app, ann):
    page = _count(app, ann, text="마당에 나무가 있고 마당에 꽃이 있다. A yard, <b>the yard</b>!", url="")
    assert "Done" in page
    assert '<td class="grow">12</td>' in page
    assert "Hangul syllables" in page and "마당에" in page
    assert "<b>the" not in page


def test_the_longest_text_is_counted_and_not_stored(app, ann):
    page = _count(app, ann, text="\U0001f3e1 마당을 " * 33_333)
    assert "Done" in page and ">33,333<" in page
    with app.app_context():
        assert len(db.session.scalars(select(Job.arguments)).one()["text"]) < 300


def test_the_result_is_in_the_readers_language(app, cho):
    assert "가장 많이 쓴 단어" in _count(app, cho, text="마당 마당")


def test_the_words_of_a_page_are_counted(app, ann, monkeypatch):
    monkeypatch.setattr("madang.tools.jobs.fetch_page", lambda url: Page(url, True, "<p>one</p><p>two two</p>"))
    page = _count(app, ann, url="https://example.org/page")
    assert "https://example.org/page" in page and "Different words" in page


def test_a_failed_fetch_is_explained_in_the_owners_language(app, cho, monkeypatch):
    monkeypatch.setattr(fetching, "public_addresses", _raise)
    page = _count(app, cho, url="https://inside.example.org/")
    assert "실패" in page and "사이트를 찾을 수 없어요" in page and "다시 실행" in page
    with app.app_context():
        job = db.session.scalars(select(Job)).one()
        assert (job.error_code, job.error, job.failures) == ("not_fetched", None, 0)


def _raise(host, _port, _seconds):
    from madang.core.i18n import _

    raise FetchError(_("No site was found at %(host)s.", host=host))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Please paste a text"),
        ({"text": " \n ", "url": " "}, "Please paste a text"),
        ({"text": "both", "url": "https://example.org/"}, "not both"),
        ({"text": "x" * 200_001}, "shorten this"),
        ({"url": "example.org"}, "begins with http"),
        ({"url": "http://127.0.0.1:5000/"}, "not on the public internet"),
        ({"url": "http://[::ffff:127.0.0.1]/"}, "not on the public internet"),
        ({"url": "http://2130706433/"}, "not on the public internet"),
        ({"url": "http://169.254.169.254/latest"}, "not on the public internet"),
        ({"url": "file:///etc/passwd"}, "begins with http"),
        ({"url": "http://exa\0mple.org/"}, "not the address"),
    ],
)
def test_invalid_input_is_refused_and_kept(app, ann, fields, words):
    response = ann.post("/tools/word-counter", **fields)
    assert response.status_code == 422 and words in response.text
    if fields.get("text") == "both":
        assert ">both</textarea>" in response.text.replace("\r\n", "")
    with app.app_context():
        assert db.session.scalars(select(Job)).all() == []


def test_the_number_of_waiting_jobs_is_limited(app, ann):
    for number in range(MAX_WAITING):
        assert ann.post("/tools/word-counter", text=f"text {number}").status_code == 302
    response = ann.post("/tools/word-counter", text="one more")
    assert response.status_code == 429 and "jobs are already waiting" in response.text and "one more" in response.text
    run_jobs(app)
    assert ann.post("/tools/word-counter", text="one more").status_code == 302


def test_requests_are_rate_limited(app, ann):
    app.config["TOOL_LIMIT"] = "1 per minute"
    ann.post("/tools/word-counter", text="first")
    response = ann.post("/tools/word-counter", text="second")
    assert response.status_code == 429 and "second" in response.text


def test_suspended_members_cannot_use_the_tools(app, ann):
    from datetime import timedelta

    from madang.core.clock import now

    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == ann.id).values(suspended_until=now() + timedelta(days=1)))
    assert ann.post("/tools/word-counter", text="words").status_code == 403


@pytest.mark.parametrize(
    ("path", "status"), [("/tools/word-counter", 200), ("/tools/send-mail", 200), ("/jobs", 200), ("/jobs/1", 404)]
)
def test_a_visitor_becomes_a_guest(visitor, path, status):
    assert "Guest" in visitor.page(path, status)
