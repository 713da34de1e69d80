"""Copy the site into another database of any kind, in batches; a move that was stopped at any moment can go on.

The table `madang_move` of the new database holds how far the move is: a row for each table with the primary key copied
last, written in the transaction of its rows. It is there from the first step to the last one.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from itertools import islice

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, select, text, update

from madang.core.db import LongText, db
from madang.core.errors import Conflict
from madang.core.i18n import _

from .inserting import drop_indexes, insert_lines
from .restoring import clear_tables, continue_sequences, drop_foreign_keys, is_site_in
from .rows import count_rows, shape_of, site_tables, table_lines
from .snapshot import snapshot

BATCH_ROWS = 5_000
STATEMENTS = "(statements)"  # in the column `name`: those that create indexes and foreign keys again
MOVE = Table(
    "madang_move",
    MetaData(),
    Column("name", String(100), primary_key=True),
    Column("last_key", LongText),  # JSON: the values of the primary key; null before the first batch
    mysql_engine="InnoDB",
    mysql_charset="utf8mb4",
)
Progress = Callable[[int, int], object]


def is_interrupted(target: Engine) -> bool:
    """Whether a move into this database was begun and not finished."""
    return inspect(target).has_table(MOVE.name)


def begin_move(target: Engine, *, is_resumed: bool) -> None:
    """Prepare a database that has the tables of this version. Raises `Conflict` if it must not be written to."""
    if is_interrupted(target):
        if not is_resumed:
            raise Conflict(_("A move into this database was interrupted. Go on with --resume, or empty it first."))
    else:
        with target.connect() as connection:
            if is_site_in(connection):
                raise Conflict(_("There is a site in that database. Please name an empty one."))
        MOVE.create(target)
    with target.begin() as connection:
        if connection.scalar(select(MOVE.c.name).where(MOVE.c.name == STATEMENTS)) is None:
            _prepare(connection)


def _prepare(connection: Connection) -> None:
    """Delete the rows that migrations have written, and what would check single batches; note that this is done."""
    foreign_keys = drop_foreign_keys(connection) if connection.dialect.name == "postgresql" else []
    statements = [*drop_indexes(connection), *foreign_keys]
    _ignore_foreign_keys(connection)
    clear_tables(connection, [table.name for table in site_tables()])
    names = [*(table.name for table in site_tables()), STATEMENTS]
    keys = {STATEMENTS: json.dumps(statements)}
    connection.execute(MOVE.delete())
    connection.execute(MOVE.insert(), [{"name": name, "last_key": keys.get(name)} for name in names])


def _ignore_foreign_keys(connection: Connection) -> None:
    """Check no foreign keys in this transaction: rows refer to later ones. PostgreSQL has none meanwhile."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA foreign_keys = OFF"))  # has no effect once the transaction has begun
    elif connection.dialect.name != "postgresql":
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))


def move_rows(target: Engine, on_progress: Progress) -> None:
    """Copy the rows that the other database lacks, as they are at one moment. Calls `on_progress(done, total)`."""
    with snapshot() as source, target.connect() as connection:
        _ignore_foreign_keys(connection)
        connection.rollback()
        counts = {table.name: count_rows(source, table) for table in site_tables()}
        total, done = sum(counts.values()), 0
        last_keys: dict[str, str | None] = dict(connection.execute(select(MOVE.c.name, MOVE.c.last_key)).all())
        connection.rollback()
        for table in site_tables():
            last_key = last_keys[table.name]
            if last_key is not None:
                done += count_rows(connection, table)
                connection.rollback()
            for count in _move_table(source, connection, table, json.loads(last_key) if last_key else None):
                done += count
                on_progress(min(done, total), total)
        if not _is_server(target):
            connection.invalidate()  # the next one checks foreign keys again


def _is_server(engine: Engine) -> bool:
    return engine.dialect.name != "sqlite"


def _move_table(source: Connection, target: Connection, table: Table, after: list[object] | None) -> Iterator[int]:
    """Copy the rows of a table behind a key; yields the number of rows of each batch once it is committed."""
    columns = list(table.columns)
    positions = [columns.index(column) for column in table.primary_key.columns]
    lines = table_lines(source, table, after)
    while batch := list(islice(lines, BATCH_ROWS)):
        values = json.loads(batch[-1])
        key = json.dumps([values[position] for position in positions])
        with target.begin():
            insert_lines(target, shape_of(table), batch)
            target.execute(update(MOVE).where(MOVE.c.name == table.name).values(last_key=key))
        yield len(batch)


def differing_tables(target: Engine, on_table: Callable[[str], object]) -> list[str]:
    """The tables whose number or SHA-256 of lines is not that of the configured database now."""
    differing = []
    with snapshot() as source, target.connect() as copied:
        for table in site_tables():
            on_table(table.name)
            if _digest(source, table) != _digest(copied, table):
                differing.append(table.name)
    return differing


def _digest(connection: Connection, table: Table) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for line in table_lines(connection, table):
        digest.update(line)
        count += 1
    return count, digest.hexdigest()


def repeat_tables(target: Engine, names: list[str]) -> None:
    """Empty tables of the other database, so that a move that is resumed copies them again."""
    with target.connect() as connection:
        _ignore_foreign_keys(connection)
        connection.rollback()
        with connection.begin():
            clear_tables(connection, [table.name for table in site_tables() if table.name in names])
            connection.execute(update(MOVE).where(MOVE.c.name.in_(names)).values(last_key=None))
        if not _is_server(target):
            connection.invalidate()


def finish_move(target: Engine) -> None:
    """Create the indexes and foreign keys of the other database again, and continue its numbers."""
    with target.begin() as connection:
        statements = connection.scalar(select(MOVE.c.last_key).where(MOVE.c.name == STATEMENTS)) or "[]"
        for statement in json.loads(statements):
            connection.execute(text(statement))
        continue_sequences(connection, [table.name for table in site_tables()])
        MOVE.drop(connection)


def require_other(target: Engine) -> None:
    """Raise `Conflict` if a database is the configured one."""
    if target.url.set(query={}, password=None) == db.engine.url.set(query={}, password=None):
        raise Conflict(_("That is the database of this site already."))
