"""The database: transactions, callbacks of a commit, locks, and SQLite's queue of writers."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from madang.boards.models import Board, BoardPeriod
from madang.core import db as database
from madang.core.db import after_commit, db, increase, lock_row, sqlite, transaction
from madang.core.site import SiteSetting

pytestmark = pytest.mark.each_database

WRITERS, WRITES = 32, 20


@pytest.fixture
def context(app):
    with app.app_context():
        yield


@pytest.fixture
def on_sqlite(app, context):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("concerns SQLite only")


def _post_count(name: str) -> int:
    return db.session.scalar(select(Board.post_count).where(Board.slug == name)) or 0


def _increment(slug: str = "qa"):
    return update(Board).where(Board.slug == slug).values(post_count=Board.post_count + 1)


def test_concurrent_writers_all_succeed(app):
    def write(_number):
        for _turn in range(WRITES):
            with app.app_context(), transaction() as session:
                session.execute(_increment())

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    with app.app_context():
        assert _post_count("qa") == WRITERS * WRITES


def test_concurrent_increments_lose_no_update(app):
    with app.app_context():
        board_id = db.session.scalar(select(Board.id).where(Board.slug == "qa"))
    barrier = threading.Barrier(8)

    def increment(_number):
        barrier.wait(30)
        for period in range(10):
            with app.app_context(), transaction():
                increase(BoardPeriod, {"board_id": board_id, "period": period}, "post_count", 2)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(increment, range(8)))
    with app.app_context():
        assert db.session.scalars(select(BoardPeriod.post_count)).all() == [16] * 10


def test_an_exception_rolls_the_transaction_back(app):
    with app.app_context(), pytest.raises(RuntimeError), transaction() as session:
        session.execute(_increment())
        raise RuntimeError
    with app.app_context():
        assert _post_count("qa") == 0


def test_after_commit_callbacks_run_after_the_commit(app):
    results = []

    def read_count():
        with app.app_context():
            results.append(_post_count("qa"))

    with app.app_context(), transaction() as session:
        after_commit(read_count)
        session.execute(_increment())
        assert results == []
    assert results == [1]


def test_a_rollback_drops_after_commit_callbacks(app):
    results = []
    with app.app_context():
        with pytest.raises(RuntimeError), transaction():
            after_commit(lambda: results.append("called"))
            raise RuntimeError
        with transaction():
            pass
    assert results == []


def test_an_error_response_rolls_the_request_back(app, ann, bob):
    """A status of 400 or more rolls back what the request has written."""
    results = []

    @contextmanager
    def write_then_fail():
        def fail_response(response):
            if not results:
                db.session.execute(_increment())
                after_commit(lambda: results.append("committed"))
                response.status_code = 409
            return response

        app.after_request_funcs[None].append(fail_response)  # runs first: before the edge ends the transaction
        try:
            yield
        finally:
            app.after_request_funcs[None].remove(fail_response)

    with write_then_fail():
        assert ann.get("/boards").status_code == 409
    assert results == []
    with app.app_context():
        assert _post_count("qa") == 0


def test_a_failed_savepoint_leaves_the_transaction_intact(context):
    with transaction() as session:
        session.execute(_increment())
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(SiteSetting(name="name", value="twice"))
            session.flush()
    assert _post_count("qa") == 1


def test_lock_prevents_lost_updates(app):
    """Each thread writes what it has read plus one; without the lock updates would be lost."""
    barrier = threading.Barrier(8)

    def add_one(_number):
        barrier.wait(30)
        for _turn in range(5):
            with app.app_context(), transaction() as session:
                board = session.scalars(select(Board).where(Board.slug == "qa")).one()
                lock_row(board)
                board.post_count = int(board.post_count) + 1
                session.flush()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(8)))
    with app.app_context():
        assert _post_count("qa") == 40


def _sqlite_connection():
    """The SQLite connection of the session."""
    return db.session.connection().connection.dbapi_connection


def test_on_sqlite_the_first_write_takes_the_write_lock(on_sqlite):
    db.session.execute(select(Board.id)).all()
    assert not _sqlite_connection().in_transaction, "reading opens no transaction"
    db.session.execute(_increment())
    assert _sqlite_connection().in_transaction
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        _write_from_another_connection(on_sqlite)
    database.rollback()
    _write_from_another_connection(on_sqlite)


def _write_from_another_connection(_fixture):
    """Take the write lock from another connection, without waiting."""
    other = sqlite3.connect(db.engine.url.database, timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    finally:
        other.close()


@pytest.mark.parametrize("end", [database.commit, database.rollback])
def test_on_sqlite_the_end_of_a_transaction_releases_the_write_lock(app, on_sqlite, end):
    db.session.execute(_increment())
    ended = threading.Event()

    def write():
        with app.app_context(), transaction() as session:
            session.execute(_increment("talk"))
        ended.set()

    thread = threading.Thread(target=write)
    thread.start()
    assert not ended.wait(0.05), "one writer at a time"
    end()
    assert ended.wait(10)
    thread.join()


def test_on_sqlite_the_end_of_a_context_releases_the_write_lock(app, on_sqlite):
    with app.app_context():
        db.session.execute(_increment())
    with app.app_context(), transaction() as session:
        session.execute(_increment("talk"))


def test_on_sqlite_select_for_update_takes_the_write_lock(on_sqlite):
    db.session.scalars(select(Board).with_for_update()).all()
    assert _sqlite_connection().in_transaction


@pytest.mark.parametrize(
    "reading",
    [
        select(Board.id),
        select(select(Board.id).cte("page")),
        select(Board.id).union_all(select(Board.id)),
        text("SELECT 1"),
        text("PRAGMA user_version"),
    ],
    ids=["select", "with", "union", "text", "pragma"],
)
def test_on_sqlite_reading_takes_no_lock(on_sqlite, reading):
    db.session.execute(reading).all()
    assert not _sqlite_connection().in_transaction


@pytest.mark.parametrize("path", ["/", "/questions", "/boards/qa", "/posts/{question}", "/search?q=yard", "/users/ann"])
def test_pages_do_not_wait_for_a_writer(app, ann, visitor, path, monkeypatch):
    question = ann.ask(tags="yard")
    monkeypatch.setattr(sqlite, "WRITE_WAIT_SECONDS", 0.01)
    with app.app_context():
        engine = db.engine
    with engine.connect() as writer:
        writer.execute(_increment())
        for person in (visitor, ann):
            assert person.get(path.format(question=question)).status_code == 200


def test_datetimes_keep_microseconds_and_come_back_in_utc(context):
    moment = datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=timezone(timedelta(hours=9)))
    board = db.session.scalars(select(Board).where(Board.slug == "qa")).one()
    board.created_at = moment
    db.session.flush()
    db.session.refresh(board)
    assert board.created_at == moment
    assert board.created_at.tzinfo == UTC
