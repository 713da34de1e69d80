"""Error pages: statuses, sentences in the reader's language, retries after deadlocks."""

import re

import pytest
from flask import abort
from psycopg.errors import UndefinedTable
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from madang import create_app
from madang.accounts.operations import guests
from madang.core.db import db, sqlite
from madang.core.errors import (
    Conflict,
    Forbidden,
    Gone,
    InvalidInput,
    NotFound,
    RateLimited,
    Unauthenticated,
    raise_if_invalid,
)
from madang.core.ttl_cache import clear_all

STATUSES = [
    400,
    401,
    403,
    404,
    405,
    408,
    409,
    410,
    411,
    413,
    414,
    415,
    416,
    418,
    422,
    428,
    429,
    431,
    500,
    502,
    503,
    504,
]
HANGUL = re.compile("[가-힣]")


@pytest.fixture
def fails_with(app, monkeypatch):
    """A function that makes the page of boards fail with an error or a status."""

    def make_fail(error):
        def fail():
            if isinstance(error, int):
                abort(error)
            raise error

        monkeypatch.setitem(app.view_functions, "posts.boards", fail)

    return make_fail


def _sentence(answer) -> str:
    found = re.search(r"data-error>([^<]+)</p>", answer.text)
    assert found, answer.text
    return found[1]


@pytest.mark.parametrize("status", STATUSES)
def test_every_error_has_a_sentence_in_both_languages(fails_with, ann, cho, status):
    fails_with(status)
    answer = ann.get("/boards")
    assert answer.status_code == status
    assert re.fullmatch(r"[A-Z].*[.!?]", _sentence(answer))
    korean = cho.get("/boards")
    assert korean.status_code == status
    assert re.fullmatch(r".*요[.!].*", _sentence(korean))
    assert 'lang="ko"' in korean.text


@pytest.mark.parametrize("status", STATUSES)
def test_only_server_errors_are_called_ours(fails_with, ann, status):
    fails_with(status)
    assert ("on our side" in ann.get("/boards").text) == (status >= 500 and status != 503)


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (InvalidInput("This is not right yet.", field="title"), 422, "This is not right yet."),
        (InvalidInput(fields={"title": "Too short.", "body": "Too long."}), 422, "Too short. Too long."),
        (Forbidden("Only the asker may."), 403, "Only the asker may."),
        (Forbidden(), 403, "If you think you should be able to, please ask a moderator."),
        (NotFound(), 404, "The address may be wrong"),
        (Gone(), 410, "has been deleted"),
        (Conflict("Somebody was quicker."), 409, "Somebody was quicker."),
        (Unauthenticated("Please log in."), 401, "Please log in."),
        (RateLimited("Wait a little.", retry_after=7), 429, "Wait a little."),
        (Forbidden("<script>alert(1)</script>"), 403, "&lt;script&gt;"),
    ],
)
def test_an_error_is_a_page_or_for_htmx_its_sentence(fails_with, ann, error, status, sentence):
    fails_with(error)
    page = ann.get("/boards")
    assert page.status_code == status
    assert sentence in _sentence(page)
    alone = ann.get("/boards", headers={"HX-Request": "true"})
    assert alone.status_code == status
    assert alone.mimetype == "text/plain"
    assert alone.text == (error.message or alone.text)
    assert "<html" not in alone.text
    if status == 429:
        assert page.headers["Retry-After"] == alone.headers["Retry-After"] == "7"


def test_invalid_names_all_fields_with_an_error():
    with pytest.raises(InvalidInput) as caught:
        raise_if_invalid(title="Too short.", body=None, tags="", board="None chosen.")
    assert caught.value.fields == {"title": "Too short.", "board": "None chosen."}
    raise_if_invalid(title=None)


def test_server_errors_reveal_no_details(fails_with, ann, caplog):
    fails_with(RuntimeError("the secret is 12345"))
    answer = ann.get("/boards")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "the secret is 12345" in caplog.text
    assert "/boards" in caplog.text


class Deadlock(Exception):
    sqlstate = "40P01"


def test_a_request_is_retried_after_a_deadlock(app, ann, visitor, monkeypatch):
    tries, publish = [], app.view_functions["writing.create"]

    def lose_twice():
        answer = publish()
        tries.append(answer.status_code)
        if len(tries) < 3:
            raise OperationalError("UPDATE posts", {}, Deadlock())
        return answer

    monkeypatch.setitem(app.view_functions, "writing.create", lose_twice)
    question = ann.ask("Which of the three tries counts?")
    assert tries == [302, 302, 302]
    assert [post["id"] for post in visitor.get("/api/v1/posts").json["items"]] == [question]
    assert visitor.get(f"/posts/{question}").status_code == 200


def test_what_comes_before_the_view_is_retried_after_a_deadlock_too(app, people, monkeypatch):
    """A guest's handle is opened there, on any page."""
    calls, original = [], guests.find_guest

    def deadlock_once(handle: str) -> object:
        calls.append(handle)
        if len(calls) == 1:
            raise OperationalError("SELECT users", {}, Deadlock())
        return original(handle)

    monkeypatch.setattr(guests, "find_guest", deadlock_once)
    assert "ABC123" in people.visitor().page("/guest?username=ABC123")
    assert len(calls) > 1


def test_a_deadlock_at_every_try_is_503(fails_with, ann):
    fails_with(OperationalError("UPDATE posts", {}, Deadlock()))
    answer = ann.get("/boards")
    assert answer.status_code == 503
    assert "try again" in _sentence(answer)
    assert answer.headers["Retry-After"]


def test_other_database_errors_are_500(fails_with, ann):
    fails_with(ProgrammingError("SELECT", {}, UndefinedTable("no such table")))
    assert ann.get("/boards").status_code == 500


def test_a_lock_timeout_is_503(app, ann, monkeypatch):
    question = ann.ask()
    with app.app_context():
        engine = db.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("about SQLite alone")
    monkeypatch.setattr(sqlite, "WRITE_WAIT_SECONDS", 0.01)
    with engine.connect() as writer:
        writer.execute(text("UPDATE boards SET position = 1"))
        answer = ann.post(f"/posts/{question}/comments", body="A remark.")
    assert answer.status_code == 503
    assert ann.comment(question, "A remark.")


def test_without_a_database_the_error_is_plain_text(instance, whole_app):
    clear_all()
    without_database = create_app({"DATABASE_URL": f"sqlite:///{instance / 'empty.db'}"}, instance_path=instance)
    answer = without_database.test_client().get("/")
    assert answer.status_code == 500
    assert "Please try again in a moment." in answer.text
    assert answer.mimetype == "text/plain"
    assert without_database.test_client().get("/healthz").status_code in (200, 500)
