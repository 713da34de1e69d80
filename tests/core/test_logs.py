"""Every line of the log names the request and its actor, or the job, that wrote it."""

import io
import json
import logging
from types import SimpleNamespace

import pytest

from madang.core import logs
from madang.core.db import db, transaction
from madang.core.queue import job, run_due

log = logging.getLogger("madang.test")


@job("tests.log_a_line")
def log_a_line() -> None:
    log.info("written")


@pytest.fixture
def lines(monkeypatch):
    """A function that returns the lines logged since its last call."""
    root = logging.getLogger("madang")
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "propagate", root.propagate)
    logs.init_app(SimpleNamespace(config={"LOG_FORMAT": "json", "LOG_LEVEL": "INFO", "ENVIRONMENT": "testing"}))
    stream = io.StringIO()
    root.handlers[0].setStream(stream)

    def read() -> list[dict[str, object]]:
        found = [json.loads(line) for line in stream.getvalue().splitlines()]
        stream.truncate(stream.seek(0))
        return found

    return read


@pytest.fixture
def logging_page(app, monkeypatch) -> str:
    """The path of a page that logs a line."""

    def view() -> str:
        log.info("shown")
        return "shown"

    monkeypatch.setitem(app.view_functions, "posts.boards", view)
    return "/boards"


def test_a_line_names_the_request_and_the_actor(ann, bob, visitor, logging_page, lines):
    for person in (ann, bob, visitor):
        assert person.page(logging_page) == "shown"
    found = [line for line in lines() if line["event"] == "shown"]
    assert [line.get("actor") for line in found] == [ann.id, bob.id, None]
    assert len({line["request_id"] for line in found}) == 3


@pytest.mark.parametrize(
    ("sent", "is_taken"),
    [
        ("trace-7.a:b", True),
        ("x" * 100, True),
        ("x" * 101, False),
        ("two words", False),
        ("a\u0131", False),
        ("", False),
    ],
)
def test_a_line_has_the_id_that_the_proxy_sent_if_it_is_a_plain_word(visitor, logging_page, lines, sent, is_taken):
    visitor.get(logging_page, headers={"X-Request-ID": sent})
    found = next(line["request_id"] for line in lines() if line["event"] == "shown")
    assert (found == sent) is is_taken
    assert found


def test_the_page_of_an_unexpected_error_prints_the_id_that_the_log_has(app, visitor, monkeypatch, lines):
    def fail() -> str:
        raise ValueError("the secret is 12345")

    monkeypatch.setitem(app.view_functions, "posts.boards", fail)
    answer = visitor.get("/boards")
    assert answer.status_code == 500
    failure = next(line for line in lines() if "exception" in line)
    assert f"this code: {failure['request_id']}" in answer.text
    assert visitor.get("/no-such-page").text.count("this code") == 0


def test_a_line_of_a_job_names_it_and_its_owner(app, ann, lines):
    with app.app_context():
        with transaction():
            owned = log_a_line.enqueue(owner_id=ann.id)
            site_s = log_a_line.enqueue()
            db.session.flush()
            ids = [owned.id, site_s.id]
        assert run_due() >= 2
        log.info("after")
    found = lines()
    written = [line for line in found if line["event"] == "written"]
    assert [(line["job"], line["job_name"], line["actor"]) for line in written] == [
        (ids[0], "tests.log_a_line", ann.id),
        (ids[1], "tests.log_a_line", None),
    ]
    assert not {"job", "job_name"} & next(line for line in found if line["event"] == "after").keys()
