"""Answers while the database or the disk fails: a sentence in each format, and nothing half-made."""

import errno
import re

import psycopg
import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from madang.core import site as site_settings
from madang.core.ttl_cache import clear_all

UNREACHABLE = OperationalError("SELECT", {}, psycopg.OperationalError("connection failed"))
FULL = OperationalError("INSERT", {}, psycopg.errors.DiskFull("no space"))
READ_ONLY = OperationalError("INSERT", {}, psycopg.errors.ReadOnlySqlTransaction("read-only"))
FAILURES = [
    (UNREACHABLE, 503, "database_unreachable", "no connection to its database", "데이터베이스"),
    (FULL, 507, "database_full", "disk of this site is full", "디스크"),
    (READ_ONLY, 503, "database_read_only", "may not write to its disk", "디스크"),
    (OSError(errno.ENOSPC, "No space left on device"), 507, "database_full", "disk of this site is full", "디스크"),
    (OSError(errno.EDQUOT, "Quota exceeded"), 507, "database_full", "disk of this site is full", "디스크"),
    (OSError(errno.EROFS, "Read-only file system"), 503, "database_read_only", "may not write to its disk", "디스크"),
    (PermissionError(errno.EACCES, "Permission denied"), 503, "database_read_only", "may not write", "디스크"),
]


@pytest.fixture
def fail(app, monkeypatch):
    """Makes the page of boards fail with an error."""

    def make_fail(error: Exception) -> None:
        def view(*_arguments: object, **_values: object) -> None:
            raise error

        monkeypatch.setitem(app.view_functions, "posts.boards", view)

    return make_fail


@pytest.mark.parametrize(("error", "status", "code", "sentence", "korean"), FAILURES)
def test_a_failure_has_a_sentence_in_every_format(app, fail, ann, cho, error, status, code, sentence, korean):
    del code
    fail(error)
    for person, words in ((ann, sentence), (cho, korean)):
        page = person.get("/boards")
        assert page.status_code == status
        assert words in page.text
        assert int(page.headers["Retry-After"]) > 0
        assert page.headers["Cache-Control"] == "no-store"
        fragment = person.get("/boards", headers={"HX-Request": "true"})
        assert (fragment.status_code, fragment.mimetype) == (status, "text/plain")
        assert re.fullmatch(r"[^<]*[.!]", fragment.text)
    assert 'lang="ko"' in cho.get("/boards").text


@pytest.mark.parametrize(("error", "status", "code", "sentence", "korean"), FAILURES)
def test_a_program_gets_problem_details(ann, monkeypatch, error, status, code, sentence, korean):
    del sentence, korean

    def fail_to_commit(_session: Session) -> None:
        raise error

    headers = {"X-CSRFToken": ann.token}
    monkeypatch.setattr(Session, "commit", fail_to_commit)
    answer = ann.client.post("/api/v1/todos", json={"title": "Water the tree"}, headers=headers)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["code"] == code
    assert answer.headers["Retry-After"]


def test_a_page_is_shown_when_not_even_the_reader_is_known(app, people, monkeypatch):
    """Neither the site's settings nor the session's account can be read."""
    clear_all()

    def fail(*_arguments: object) -> None:
        raise UNREACHABLE

    reader = people["cho"]
    monkeypatch.setattr(site_settings.db, "_connection", fail)
    monkeypatch.setattr(Session, "execute", fail)
    for person in (reader, people.visitor()):
        for path in ("/", "/questions", "/no-such-page", "/settings/profile"):
            page = person.get(path, headers={"Accept-Language": "ko"})
            assert page.status_code == 503, path
            assert "데이터베이스" in page.text
            assert "Set-Cookie" not in page.headers
        style = re.search(r'href="(/static/dist/[^"]+)"', page.text)[1]
        assert person.get(style).status_code == 200, "the page looks as the others do"


@pytest.mark.parametrize(("error", "status"), [(FULL, 507), (UNREACHABLE, 503), (READ_ONLY, 503)])
def test_a_sign_up_that_cannot_be_stored_welcomes_nobody(people, monkeypatch, error, status):
    newcomer = people.visitor()
    form = {"username": "dana", "email": "dana@example.org", "password": "nine quiet herons", "password2": ""}
    form["password2"] = form["password"]
    newcomer.get("/auth/signup")
    with monkeypatch.context() as failing:

        def fail_to_commit(_session: Session) -> None:
            raise error

        failing.setattr(Session, "commit", fail_to_commit)
        answer = newcomer.post("/auth/signup", **form)
        assert answer.status_code == status
        assert "Welcome" not in answer.text
    page = newcomer.page("/")
    assert "Welcome" not in page
    assert "dana" not in page
    assert newcomer.post("/auth/signup", **form).status_code == 302
    assert "dana" in newcomer.page("/")
