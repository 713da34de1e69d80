"""Rows of tables as lines of JSON, in a form that every database can write and read back.

A line is the list of a row's values, in the order of the table's columns. The kinds of columns are written into the
backup, so that it can be read by a later version whose tables differ.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    String,
    Table,
    Time,
    and_,
    func,
    or_,
    select,
)
from sqlalchemy.types import TypeEngine

from madang.core.db import Base, UtcDateTime

ROWS_AT_ONCE = 1_000
# Kind of a column by its type; `Text` is a `String`.
_KINDS: tuple[tuple[type[TypeEngine], str], ...] = (
    (UtcDateTime, "moment"),
    (Date, "date"),
    (Time, "time"),
    (Boolean, "bool"),
    (Integer, "int"),
    (JSON, "json"),
    (String, "text"),
)
TYPES: dict[str, TypeEngine] = {
    "moment": UtcDateTime(),
    "date": Date(),
    "time": Time(),
    "bool": Boolean(),
    "int": BigInteger(),
    "json": JSON(none_as_null=True),
    "text": String(),
}
TIMES = {"moment": datetime.fromisoformat, "date": date.fromisoformat, "time": time.fromisoformat}


class TableShape(NamedTuple):
    """The name of a table and its columns with their kinds, in the order of a line."""

    name: str
    columns: tuple[tuple[str, str], ...]


def site_tables() -> list[Table]:
    """Every table of the site; those that others refer to come first."""
    return list(Base.metadata.sorted_tables)


def shape_of(table: Table) -> TableShape:
    return TableShape(table.name, tuple((column.name, _kind_of(column)) for column in table.columns))


def _kind_of(column: Column) -> str:
    for column_type, kind in _KINDS:
        if isinstance(column.type, column_type):
            return kind
    raise TypeError(f"{column}: no form in backups for {column.type!r}")


def count_rows(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def table_lines(connection: Connection, table: Table, after: Sequence[object] | None = None) -> Iterator[bytes]:
    """Yield the rows of a table in the order of its primary key, each as a line; streams from the database.

    With `after`, only those behind the row whose primary key has these values, as they stand in a line. Texts are
    ordered by their bytes on every database.
    """
    keys = [_in_byte_order(connection, column) for column in table.primary_key.columns]
    rows = select(*table.columns).order_by(*keys).execution_options(yield_per=ROWS_AT_ONCE)
    if after is not None:
        kinds = [_kind_of(column) for column in table.primary_key.columns]
        key = [TIMES[kind](str(value)) if kind in TIMES else value for kind, value in zip(kinds, after, strict=True)]
        rows = rows.where(_is_behind(keys, key))
    moments = [index for index, column in enumerate(table.columns) if _kind_of(column) in TIMES]
    for row in connection.execute(rows):
        values = list(row)
        for index in moments:
            if values[index] is not None:
                values[index] = values[index].isoformat()
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def _in_byte_order(connection: Connection, column: Column) -> ColumnElement:
    """A column as it is sorted: PostgreSQL has the order of a language, the others that of the bytes."""
    is_text = _kind_of(column) == "text" and connection.dialect.name == "postgresql"
    return column.collate("C") if is_text else column


def _is_behind(keys: Sequence[ColumnElement], values: Sequence[object]) -> ColumnElement[bool]:
    """Whether a key of several columns is greater; in this form every database finds the place in its index."""
    first, *others = keys
    if not others:
        return first > values[0]
    return or_(first > values[0], and_(first == values[0], _is_behind(others, values[1:])))
