"""The same question again, and nothing was written: confirmed without asking the application."""

import sqlite3

import pytest

from madang.core import confirming
from madang.core.confirming import MOST_HEADER_BYTES, Confirmations, version_of
from madang.core.web import STEADY_UNTIL
from tests.asgi import ask, run

PATH = "/api/v1/posts/7"
TAG = '"3-9f2c"'
SEEN = {"If-None-Match": TAG}


class Unchanged:
    """An application that finds every copy right, and counts how often it looked."""

    def __init__(self, *headers: tuple[str, str], status: int = 304, steady_until: float | None = 1000.0) -> None:
        steady = [] if steady_until is None else [(STEADY_UNTIL, str(steady_until))]
        self.headers = [("ETag", TAG), ("X-Request-ID", "of-one"), ("RateLimit", "r=1"), *steady, *headers]
        self.status, self.asked = status, 0
        self.written_meanwhile = lambda: None

    async def __call__(self, _scope, _receive, send) -> None:
        self.asked += 1
        self.written_meanwhile()
        headers = [(name.lower().encode(), value.encode()) for name, value in self.headers]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


class Written:
    """How often something was written."""

    def __init__(self) -> None:
        self.count: int | None = 1

    def __call__(self) -> int | None:
        return self.count


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The time as the test gives it, in seconds."""
    now = [0.0]
    monkeypatch.setattr(confirming, "time", lambda: now[0])
    return now


def asked_twice(application: Unchanged, written: Written, path: str = PATH, **options) -> int:
    """How often the application hears of a question that comes twice."""
    confirmations = Confirmations(application, written)
    for _time in range(2):
        run(ask(confirmations, path, **{"headers": SEEN, **options}))
    return application.asked


def test_a_question_is_asked_once_and_each_answer_has_a_name_of_its_own(written):
    application = Unchanged()
    confirmations = Confirmations(application, written)
    answers = [run(ask(confirmations, PATH, headers=SEEN))[0] for _time in range(3)]
    assert application.asked == 1
    assert [(answer.status, answer.body, answer.header("ETag")) for answer in answers] == [(304, b"", TAG)] * 3
    assert len({answer.header("X-Request-ID") for answer in answers}) == 3
    assert [answer.header("RateLimit") for answer in answers] == ["r=1", None, None], "it was counted once"


def test_whatever_is_written_lets_the_application_look_again(written):
    application = Unchanged()
    confirmations = Confirmations(application, written)
    for count, asked in ((1, 1), (2, 2), (2, 2), (3, 3)):
        written.count = count
        run(ask(confirmations, PATH, headers=SEEN))
        assert application.asked == asked


def test_what_was_written_while_the_application_looked_counts(written):
    application = Unchanged()
    confirmations = Confirmations(application, written)
    application.written_meanwhile = lambda: setattr(written, "count", 2)
    run(ask(confirmations, PATH, headers=SEEN))
    run(ask(confirmations, PATH, headers=SEEN))
    assert application.asked == 2


def test_a_late_answer_does_not_count_for_what_was_written_before_it(written):
    """Another question has seen the new state while the first was still being answered from the old one."""
    application = Unchanged()
    confirmations = Confirmations(application, written)

    def write_and_be_seen():
        application.written_meanwhile = lambda: None
        written.count = 2
        confirmations._known = 2

    application.written_meanwhile = write_and_be_seen
    run(ask(confirmations, PATH, headers=SEEN))
    run(ask(confirmations, PATH, headers=SEEN))
    assert application.asked == 2


def test_it_holds_no_longer_than_the_application_says(written, clock):
    application = Unchanged(steady_until=60.0)
    confirmations = Confirmations(application, written)
    for moment, asked in ((0.0, 1), (59.9, 1), (60.0, 2)):
        clock[0] = moment
        run(ask(confirmations, PATH, headers=SEEN))
        assert application.asked == asked


def test_where_nobody_knows_what_was_written_nothing_is_kept(written):
    written.count = None
    assert asked_twice(Unchanged(), written) == 2


@pytest.mark.parametrize(
    "application",
    [Unchanged(status=200), Unchanged(steady_until=None), Unchanged(("Set-Cookie", "locale=ko"))],
    ids=["another answer", "one that time alone may change", "one that brings a cookie"],
)
def test_what_is_not_steady_is_asked_again(application, written):
    assert asked_twice(application, written) == 2


@pytest.mark.parametrize(
    "options",
    [
        {"method": "HEAD"},
        {"path": "/posts/7"},
        {"headers": {}},
        {"headers": {**SEEN, "Cookie": "madang_session=x"}},
        {"headers": {**SEEN, "X-Request-ID": "mine"}},
        {"headers": {**SEEN, "Content-Length": "0"}},
        {"headers": {**SEEN, "Accept-Language": "k" * MOST_HEADER_BYTES}},
    ],
    ids=["no reading", "a page", "no copy", "a cookie", "a name of its own", "a body", "too much of it"],
)
def test_only_plain_questions_of_programs_are_kept(options, written):
    assert asked_twice(Unchanged(), written, **options) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/api/v1/posts/8"},
        {"query": b"fields=id"},
        {"scheme": "https"},
        {"headers": {**SEEN, "Authorization": "Bearer other"}},
        {"headers": {**SEEN, "Accept-Language": "ko"}},
        {"headers": {"If-None-Match": '"another"'}},
    ],
    ids=["address", "query", "scheme", "credentials", "language", "copy"],
)
def test_another_question_is_another(other, written):
    application = Unchanged()
    confirmations = Confirmations(application, written)
    for options in ({}, other):
        run(ask(confirmations, **{"path": PATH, "headers": SEEN, **options}))
    assert application.asked == 2


def test_no_more_is_kept_than_there_is_room_for(written, monkeypatch):
    monkeypatch.setattr(confirming, "MOST_KEPT", 3)
    confirmations = Confirmations(Unchanged(), written)
    for number in range(10):
        run(ask(confirmations, f"/api/v1/posts/{number}", headers=SEEN))
        assert len(confirmations._kept) <= 3


def test_sqlite_says_whether_anybody_has_written(tmp_path):
    path = tmp_path / "site.db"
    with sqlite3.connect(path) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE words (word TEXT)")
    version = version_of(f"sqlite:///{path}")
    before = version()
    assert version() == before is not None
    writer.execute("INSERT INTO words VALUES ('mast')")
    assert version() == before, "not committed yet"
    writer.commit()
    assert version() != before
    writer.close()


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "postgresql+psycopg://x@127.0.0.1/y", "sqlite:////no/x"]
)
def test_other_databases_say_nothing(url):
    assert version_of(url)() is None
