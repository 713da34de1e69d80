"""A connection that sees the database as it was at one moment, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from madang.core.db import db


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection in a transaction that only reads and sees one moment; it holds no lock that writers need."""
    dialect = db.engine.dialect.name
    with db.engine.connect() as connection:
        if dialect == "sqlite":
            without_file_mapping(connection)
            # A plain BEGIN, past the engine, whose BEGIN IMMEDIATE would keep the others from writing.
            connection.connection.cursor().connection.execute("BEGIN")
        elif dialect == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
            connection.execute(text("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"))
        try:
            yield connection
        finally:
            connection.rollback()
            if dialect == "sqlite":
                connection.invalidate()  # the next one maps the file again


def without_file_mapping(connection: Connection) -> None:
    """Read the file of SQLite without mapping it, for whole tables: 256 MB of it would count as memory in use."""
    connection.connection.cursor().execute("PRAGMA mmap_size = 0")
