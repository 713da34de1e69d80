"""Insert a row or change the one that is there, in one statement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Select,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite

from .base import Base
from .session import db


def upsert(table: type[Base], key: dict[str, Any], *, new: dict[str, Any], changes: dict[str, Any]) -> None:
    """Make the row of `key` with the values `new`, or make `changes` to it if there is one already.

    One statement, so that it holds for two at the same instant too. `key` names the columns of a unique key.
    """
    db.session.execute(upsert_statement(db.engine.dialect.name, table, tuple(key), {**key, **new}, changes))


def upsert_statement(
    dialect: str, table: type[Base], key: Sequence[str], values: dict[str, Any], changes: dict[str, Any]
) -> Any:
    kind = {"postgresql": postgresql, "sqlite": sqlite}.get(dialect)
    if kind is None:
        return mysql.insert(table.__table__).values(values).on_duplicate_key_update(changes)  # type: ignore[arg-type]
    return kind.insert(table.__table__).values(values).on_conflict_do_update(index_elements=key, set_=changes)


def add_if_new(table: type[Base], **values: Any) -> bool:
    """Insert a row unless its key is there already; whether it was new. One statement, as in `upsert`."""
    kind = {"postgresql": postgresql, "sqlite": sqlite}.get(db.engine.dialect.name)
    statement: Any
    if kind is None:
        statement = mysql.insert(table.__table__).values(values).prefix_with("IGNORE")  # type: ignore[arg-type]
    else:
        statement = kind.insert(table.__table__).values(values).on_conflict_do_nothing()
    # Inline and kept: else it asks for the new key, and on PostgreSQL the number of rows is lost (-1).
    kept = statement.inline().execution_options(preserve_rowcount=True)
    return db.session.connection().execute(kept).rowcount == 1


def add_all_if_new(table: type[Base], columns: Sequence[str], rows: Select) -> None:
    """Insert what `rows` selects for `columns`, apart from rows whose key is there already. One statement."""
    kind = {"postgresql": postgresql, "sqlite": sqlite}.get(db.engine.dialect.name)
    statement: Any
    if kind is None:
        statement = mysql.insert(table.__table__).from_select(columns, rows).prefix_with("IGNORE")  # type: ignore[arg-type]
    else:
        statement = kind.insert(table.__table__).from_select(columns, rows).on_conflict_do_nothing()
    db.session.execute(statement)
