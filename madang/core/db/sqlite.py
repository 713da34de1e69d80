"""Make SQLite behave like the servers: writers queue for one lock, readers never wait."""

import logging
import os
import sqlite3
import threading

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

from .write_queue import take_turn

WRITE_WAIT_SECONDS = 30
MERGE_WAIT_SECONDS = 2
FOR_UPDATE = " /* FOR UPDATE */"
log = logging.getLogger("madang.database")


class QueuedConnection(sqlite3.Connection):
    """A SQLite connection that queues for a lock shared by the writers of this process, then for the other processes.

    SQLite's own busy handler polls, so that an unlucky one of 32 writers waited for seconds; a lock does not.
    """

    _write_lock = threading.Lock()
    _is_writing = False
    _turn: int | None = None

    def begin_write(self, path: str | None) -> None:
        """Wait for the locks, then open the transaction with SQLite's write lock. `path` is None for one in memory."""
        if not self._write_lock.acquire(timeout=WRITE_WAIT_SECONDS):
            raise sqlite3.OperationalError("database is locked")
        self._is_writing = True
        try:
            self._turn = take_turn(path, WRITE_WAIT_SECONDS) if path else None
            self.execute("BEGIN IMMEDIATE")
        except TimeoutError as error:
            self._release_lock()
            raise sqlite3.OperationalError("database is locked") from error
        except BaseException:
            self._release_lock()
            raise

    def commit(self) -> None:
        super().commit()
        self._release_lock()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._release_lock()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._release_lock()

    def _release_lock(self) -> None:
        if self._is_writing:
            self._is_writing = False
            if self._turn is not None:
                os.close(self._turn)
                self._turn = None
            self._write_lock.release()


class MarkingCompiler(SQLiteCompiler):
    """Marks a SELECT ... FOR UPDATE by a comment: SQLite has no such clause, so its text would not show it."""

    def for_update_clause(self, select: object, **options: object) -> str:
        return FOR_UPDATE


def create_sqlite_engine(url: str, synchronous: str) -> Engine:
    """An engine for SQLite: foreign keys are enforced, readers never wait, writers take the lock first.

    A statement that only reads runs outside a transaction and sees what is committed, as READ COMMITTED does on the
    servers; the first one that writes opens the transaction with BEGIN IMMEDIATE, so that it cannot fail half-way.
    """
    engine = create_engine(
        url,
        hide_parameters=True,  # errors are logged: password hashes, private text
        connect_args={"factory": QueuedConnection, "isolation_level": None, "timeout": WRITE_WAIT_SECONDS},
    )
    engine.dialect.statement_compiler = MarkingCompiler
    path = engine.url.database if engine.url.database != ":memory:" else None

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "mmap_size=268435456",
            "cache_size=-32768",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "before_cursor_execute")
    def begin_at_first_write(
        conn: Connection, cursor: sqlite3.Cursor, statement: str, _parameters: object, context: object, _many: bool
    ) -> None:
        connection = cursor.connection
        if connection.in_transaction or not isinstance(connection, QueuedConnection):
            return
        if _is_write(statement, context):
            connection.begin_write(path)

    return engine


def merge_wal(path: str) -> None:
    """Write the log of a database (`<path>-wal`) into its file, so that the file alone has every row.

    SQLite does so itself where the last connection is closed, which a process that is stopped by a signal does not do.
    While another process writes or reads, a part stays in the log: the process that ends last merges it.
    """
    connection = sqlite3.connect(path, timeout=MERGE_WAIT_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        log.warning("the log of %s stays beside it: %s", path, error)
    finally:
        connection.close()


def _is_write(statement: str, context: object) -> bool:
    """Whether a statement writes, or reads in order to write (FOR UPDATE)."""
    query = getattr(getattr(context, "compiled", None), "statement", None)
    if getattr(query, "is_select", False):  # includes statements that begin with WITH
        return statement.endswith(FOR_UPDATE)
    return not statement.startswith(("SELECT", "PRAGMA", "EXPLAIN"))
