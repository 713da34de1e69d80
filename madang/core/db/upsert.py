"""Insert a row or, if its key exists, update or skip it, in one statement that concurrent writers may both execute."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Insert, Select
from sqlalchemy.dialects import mysql, postgresql, sqlite

from .base import Base
from .session import db


def upsert(
    table: type[Base], key: Mapping[str, object], *, new: Mapping[str, object], changes: Mapping[str, object]
) -> None:
    """Insert the row of `key` (the columns of a unique key) with the values `new`, or make `changes` to it."""
    db.session.execute(upsert_statement(db.engine.dialect.name, table, tuple(key), {**key, **new}, changes))


def upsert_statement(
    dialect: str, table: type[Base], key: Sequence[str], values: Mapping[str, object], changes: Mapping[str, object]
) -> Insert:
    """INSERT ... ON CONFLICT (key) DO UPDATE, as `dialect` writes it."""
    if dialect == "postgresql":
        inserted = postgresql.insert(table.__table__).values(values)
        return inserted.on_conflict_do_update(index_elements=key, set_=changes)
    if dialect == "sqlite":
        return sqlite.insert(table.__table__).values(values).on_conflict_do_update(index_elements=key, set_=changes)
    return mysql.insert(table.__table__).values(values).on_duplicate_key_update(changes)


def add_if_new(table: type[Base], **values: object) -> bool:
    """Insert a row unless its key exists; returns whether it was inserted."""
    # Inline and preserved: else it fetches the new key, and PostgreSQL reports -1 rows.
    statement = (
        insertion_if_new(db.engine.dialect.name, table)
        .values(values)
        .inline()
        .execution_options(preserve_rowcount=True)
    )
    return db.write(statement).rowcount == 1


def add_all_if_new(table: type[Base], columns: Sequence[str], rows: Select) -> None:
    """Insert what `rows` selects for `columns`, except rows whose key exists."""
    db.session.execute(insertion_if_new(db.engine.dialect.name, table).from_select(columns, rows))


def insertion_if_new(dialect: str, table: type[Base]) -> Insert:
    """INSERT that skips rows whose key exists, as `dialect` writes it."""
    if dialect == "postgresql":
        return postgresql.insert(table.__table__).on_conflict_do_nothing()
    if dialect == "sqlite":
        return sqlite.insert(table.__table__).on_conflict_do_nothing()
    return mysql.insert(table.__table__).prefix_with("IGNORE")
