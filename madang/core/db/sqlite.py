"""SQLite made to behave like the servers: one writer at a time, who waits in line and never fails half-way."""

import sqlite3
import threading
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

WRITE_WAIT_SECONDS = 30
FOR_UPDATE = " /* FOR UPDATE */"


class QueuedConnection(sqlite3.Connection):
    """A SQLite connection whose writers of this process stand in a line.

    SQLite's own busy handler polls, so that an unlucky one of 32 writers waited for seconds; a lock hands over at once.
    """

    _line = threading.Lock()
    _is_writing = False

    def begin_write(self) -> None:
        """Take the turn to write, and open the transaction with SQLite's write lock."""
        if not self._line.acquire(timeout=WRITE_WAIT_SECONDS):
            raise sqlite3.OperationalError("database is locked")
        self._is_writing = True
        try:
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._leave_line()
            raise

    def commit(self) -> None:
        super().commit()
        self._leave_line()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._leave_line()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._leave_line()

    def _leave_line(self) -> None:
        if self._is_writing:
            self._is_writing = False
            self._line.release()


class MarkingCompiler(SQLiteCompiler):
    """Marks a select that holds rows: SQLite has no FOR UPDATE, and the text of the statement would not tell."""

    def for_update_clause(self, select: Any, **options: Any) -> str:
        return FOR_UPDATE


def sqlite_engine_options() -> dict[str, Any]:
    """Options of an engine for SQLite: transactions are opened by us, at the first write."""
    return {
        "connect_args": {"factory": QueuedConnection, "isolation_level": None, "timeout": WRITE_WAIT_SECONDS},
    }


def set_up_sqlite(engine: Engine, synchronous: str = "FULL") -> None:
    """Make SQLite behave like the servers: foreign keys hold, readers never wait, writes begin with the lock.

    A statement that only reads runs outside a transaction and sees what is committed, as READ COMMITTED does on the
    servers; the first one that writes opens the transaction with BEGIN IMMEDIATE, so that it cannot fail half-way.
    """
    engine.dialect.statement_compiler = MarkingCompiler

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
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
        conn: Any, cursor: sqlite3.Cursor, statement: str, _parameters: Any, context: Any, _many: bool
    ) -> None:
        connection = cursor.connection
        if connection.in_transaction or not isinstance(connection, QueuedConnection):
            return
        if _writes(statement, context):
            connection.begin_write()


def _writes(statement: str, context: Any) -> bool:
    """Whether a statement writes, or reads to write soon (FOR UPDATE)."""
    query = getattr(getattr(context, "compiled", None), "statement", None)
    if getattr(query, "is_select", False):  # also one that begins with WITH
        return statement.endswith(FOR_UPDATE)
    return not statement.startswith(("SELECT", "PRAGMA", "EXPLAIN"))
