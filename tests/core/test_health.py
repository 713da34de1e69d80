"""/healthz and /readyz answer whatever is down, and ask a server that hangs once at a time."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text

from madang.core import metrics
from madang.core.db import db
from madang.core.health import ANSWER_SECONDS, Readiness
from madang.core.server.gateway import THREADS, Gateway
from madang.core.ttl_cache import clear_all
from tests.asgi import ask, run
from tests.faults.site import free_port
from tests.timing import TIMEOUT_SECONDS

SERVERS = {"postgresql": "postgresql+psycopg", "mariadb": "mysql+pymysql"}


@contextmanager
def silent_server() -> Iterator[int]:
    """A server that accepts connections and never answers; yields its port."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        yield listener.getsockname()[1]


def url_of(server: str, port: int) -> str:
    return f"{SERVERS[server]}://madang:secret@127.0.0.1:{port}/madang"


@pytest.fixture
def with_settings(app, monkeypatch):
    """A function that gives the health checks other settings."""

    def change(**settings: object) -> None:
        app.config.update(settings)
        monkeypatch.setitem(app.extensions, "readiness", Readiness(app))
        monkeypatch.setitem(app.extensions, "site_metrics", metrics.SiteCollector(app))

    return change


def threads_of(name: str) -> int:
    return sum(thread.name == name for thread in threading.enumerate())


def test_the_answer_comes_within_a_second():
    assert ANSWER_SECONDS < 1


@pytest.mark.parametrize("server", SERVERS)
def test_a_database_that_never_answers_is_not_ready_and_holds_one_thread(visitor, with_settings, log_lines, server):
    with silent_server() as port:
        with_settings(DATABASE_URL=url_of(server, port))
        answers = [visitor.get("/readyz") for _number in range(5)]
        assert threads_of("ready-database") <= 1
        assert visitor.get("/healthz").json == {"status": "ok"}
    assert [answer.status_code for answer in answers] == [503] * 5
    assert answers[0].json == {"status": "unavailable", "database": "does not answer"}
    told = [line for line in log_lines() if line["logger"] == "madang.health"]
    assert [(line["event"], line["part"], line["state"]) for line in told] == [
        ("not_ready", "database", "does not answer")
    ]
    assert "exception" not in told[0]


@pytest.mark.parametrize("server", SERVERS)
def test_a_database_that_is_gone_is_not_ready_until_it_is_back(app, visitor, with_settings, log_lines, server):
    url = app.config["DATABASE_URL"]
    with_settings(DATABASE_URL=url_of(server, free_port()))
    assert visitor.get("/readyz").status_code == 503
    app.config["DATABASE_URL"] = url
    assert visitor.get("/readyz").json == {"status": "ok", "database": "ok"}
    events = [line["event"] for line in log_lines() if line["logger"] == "madang.health"]
    assert events == ["not_ready", "ready_again"]


def test_a_database_without_the_newest_migration_is_not_ready(app, visitor):
    with app.app_context(), db.engine.begin() as connection:
        newest = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text("UPDATE alembic_version SET version_num = '20261130_1010'"))
    try:
        answer = visitor.get("/readyz")
    finally:
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})
    assert (answer.status_code, answer.json["database"]) == (503, "not migrated")


def test_without_redis_the_site_is_ready_and_says_what_is_missing(visitor, with_settings):
    with_settings(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    expected = {"status": "degraded", "database": "ok", "queue": "does not answer"}
    assert (visitor.get("/readyz").status_code, visitor.get("/readyz").json) == (200, expected)
    with silent_server() as port:
        with_settings(REDIS_URL=f"redis://127.0.0.1:{port}/0")
        assert visitor.get("/readyz").json == expected


def test_metrics_say_that_the_database_does_not_answer(visitor, with_settings):
    with silent_server() as port:
        with_settings(DATABASE_URL=url_of("postgresql", port))
        text_ = visitor.page("/metrics")
    assert "madang_database_up 0.0" in text_
    assert "madang_requests_total" in text_ and "madang_jobs" not in text_


def test_the_checks_answer_while_every_page_hangs(app, monkeypatch):
    """The threads of the pages may all wait for a database; the checks have their own."""
    released, started = threading.Event(), threading.Semaphore(0)

    def hang() -> str:
        started.release()
        released.wait(TIMEOUT_SECONDS)
        return "at last"

    monkeypatch.setitem(app.view_functions, "posts.boards", hang)
    gateway = Gateway(app)

    async def ask_all():
        pages = [asyncio.ensure_future(ask(gateway, "/boards")) for _number in range(THREADS + 2)]
        for _number in range(THREADS):
            assert await asyncio.to_thread(started.acquire, timeout=TIMEOUT_SECONDS)
        found = [await ask(gateway, path) for path in ("/healthz", "/readyz")]
        released.set()
        return found, await asyncio.gather(*pages)

    found, pages = run(ask_all())[0]
    assert [answer.status for answer in found] == [200, 200]
    assert [page.text for page in pages] == ["at last"] * (THREADS + 2)


def test_the_checks_open_no_session_and_ask_for_no_setup(app, visitor):
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE site_settings SET value = 'no' WHERE name = 'is_set_up'"))
    for path in ("/healthz", "/readyz", "/metrics"):
        answer = visitor.get(path)
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)


@pytest.mark.parametrize("path", ["/healthz", "/healthz?username=1ABCDE", "/static/favicon.svg?username=1ABCDE"])
def test_it_reads_nothing_of_the_database(app, visitor, path):
    """No setting that was changed in the browser, no actor, no guest: the database may be down, or have no tables."""
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def record(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    clear_all()
    event.listen(engine, "before_cursor_execute", record)
    try:
        assert visitor.client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", record)
    assert statements == []
