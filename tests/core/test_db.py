"""The database: transactions that end at the edge, writers in a line, readers that never wait."""

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
from madang.core.db import after_commit, db, increase, lock, sqlite, transaction
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
        pytest.skip("about SQLite alone")


def _count(name: str) -> int:
    return db.session.scalar(select(Board.post_count).where(Board.slug == name)) or 0


def _raise(slug: str = "qa"):
    return update(Board).where(Board.slug == slug).values(post_count=Board.post_count + 1)


def test_many_writers_at_once_all_get_their_turn(app):
    def write(_number):
        for _turn in range(WRITES):
            with app.app_context(), transaction() as session:
                session.execute(_raise())

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    with app.app_context():
        assert _count("qa") == WRITERS * WRITES


def test_a_counter_counts_everybody_who_comes_at_once(app):
    with app.app_context():
        board_id = db.session.scalar(select(Board.id).where(Board.slug == "qa"))
    together = threading.Barrier(8)

    def come(_number):
        together.wait(30)
        for period in range(10):
            with app.app_context(), transaction():
                increase(BoardPeriod, {"board_id": board_id, "period": period}, "post_count", 2)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(come, range(8)))
    with app.app_context():
        assert db.session.scalars(select(BoardPeriod.post_count)).all() == [16] * 10


def test_what_fails_half_way_leaves_nothing(app):
    with app.app_context(), pytest.raises(RuntimeError), transaction() as session:
        session.execute(_raise())
        raise RuntimeError
    with app.app_context():
        assert _count("qa") == 0


def test_what_waits_for_the_commit_comes_after_it(app):
    seen = []

    def look():
        with app.app_context():
            seen.append(_count("qa"))

    with app.app_context(), transaction() as session:
        after_commit(look)
        session.execute(_raise())
        assert seen == []
    assert seen == [1]


def test_what_waits_for_a_commit_that_never_comes_is_forgotten(app):
    seen = []
    with app.app_context():
        with pytest.raises(RuntimeError), transaction():
            after_commit(lambda: seen.append("called"))
            raise RuntimeError
        with transaction():
            pass
    assert seen == []


def test_a_refusal_rolls_the_request_back(app, ann, bob):
    """An answer of 400 and more takes back what was written before it."""
    seen = []

    @contextmanager
    def raised_then_refused():
        def spoil(response):
            if not seen:
                db.session.execute(_raise())
                after_commit(lambda: seen.append("committed"))
                response.status_code = 409
            return response

        app.after_request_funcs[None].append(spoil)  # runs first: before the edge ends the transaction
        try:
            yield
        finally:
            app.after_request_funcs[None].remove(spoil)

    with raised_then_refused():
        assert ann.get("/boards").status_code == 409
    assert seen == []
    with app.app_context():
        assert _count("qa") == 0


def test_a_savepoint_that_fails_leaves_the_transaction_whole(context):
    with transaction() as session:
        session.execute(_raise())
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(SiteSetting(name="name", value="twice"))
            session.flush()
    assert _count("qa") == 1


def test_locking_a_row_keeps_others_from_changing_it(app):
    """Each reads, then writes what it read plus one; without the lock some would overwrite others."""
    together = threading.Barrier(8)

    def add_one(_number):
        together.wait(30)
        for _turn in range(5):
            with app.app_context(), transaction() as session:
                board = session.scalars(select(Board).where(Board.slug == "qa")).one()
                lock(board)
                board.post_count = int(board.post_count) + 1
                session.flush()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(8)))
    with app.app_context():
        assert _count("qa") == 40


def _raw():
    """The connection to SQLite under the session."""
    return db.session.connection().connection.dbapi_connection


def test_on_sqlite_the_first_write_takes_the_lock_at_once(on_sqlite):
    db.session.execute(select(Board.id)).all()
    assert not _raw().in_transaction, "reading opens no transaction"
    db.session.execute(_raise())
    assert _raw().in_transaction
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        _other_writer(on_sqlite)
    database.rollback()
    _other_writer(on_sqlite)


def _other_writer(_fixture):
    """Another process that wants to write and does not wait."""
    other = sqlite3.connect(db.engine.url.database, timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    finally:
        other.close()


@pytest.mark.parametrize("end", [database.commit, database.rollback])
def test_on_sqlite_the_end_of_a_transaction_lets_the_next_writer_in(app, on_sqlite, end):
    db.session.execute(_raise())
    ended = threading.Event()

    def write():
        with app.app_context(), transaction() as session:
            session.execute(_raise("talk"))
        ended.set()

    thread = threading.Thread(target=write)
    thread.start()
    assert not ended.wait(0.05), "one writer at a time"
    end()
    assert ended.wait(10)
    thread.join()


def test_on_sqlite_a_writer_whose_context_ends_lets_the_next_one_in(app, on_sqlite):
    with app.app_context():
        db.session.execute(_raise())
    with app.app_context(), transaction() as session:
        session.execute(_raise("talk"))


def test_on_sqlite_reading_to_write_takes_the_lock(on_sqlite):
    db.session.scalars(select(Board).with_for_update()).all()
    assert _raw().in_transaction


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
def test_on_sqlite_whatever_only_reads_takes_no_lock(on_sqlite, reading):
    db.session.execute(reading).all()
    assert not _raw().in_transaction


@pytest.mark.parametrize("path", ["/", "/questions", "/boards/qa", "/posts/{question}", "/search?q=yard", "/users/ann"])
def test_nobody_who_reads_waits_for_a_writer(app, ann, visitor, path, monkeypatch):
    question = ann.ask(tags="yard")
    monkeypatch.setattr(sqlite, "WRITE_WAIT_SECONDS", 0.01)
    with app.app_context():
        engine = db.engine
    with engine.connect() as writer:
        writer.execute(_raise())
        for person in (visitor, ann):
            assert person.get(path.format(question=question)).status_code == 200


def test_times_keep_their_microseconds_and_their_zone(context):
    moment = datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=timezone(timedelta(hours=9)))
    board = db.session.scalars(select(Board).where(Board.slug == "qa")).one()
    board.created_at = moment
    db.session.flush()
    db.session.refresh(board)
    assert board.created_at == moment
    assert board.created_at.tzinfo == UTC
