"""Queries that walk an index: the rows after a given row (keyset pagination), and prefix search."""

from typing import TypeVar

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, and_, or_

from .session import db

MAX_CODE_POINT, LAST_BEFORE_SURROGATES, SURROGATE_COUNT = 0x10FFFF, 0xD7FF, 0x800
T = TypeVar("T")


def select_rows_after(
    rows: Select,
    column: SQLColumnExpression[T],
    row_id: SQLColumnExpression[int],
    key: tuple[T, int] | None,
    limit: int,
    *,
    is_descending: bool,
) -> list[Row]:
    """The next `limit` of `rows`, ordered by `column` and id, after the row with this `key` (column, id)."""
    if key is not None:
        rows = rows.where(_is_after(column, row_id, *key, is_descending=is_descending))
    order = (column.desc(), row_id.desc()) if is_descending else (column, row_id)
    return list(db.session.execute(rows.order_by(*order).limit(limit)).all())


def _is_after(
    column: SQLColumnExpression[T], row_id: SQLColumnExpression[int], value: T, last_id: int, *, is_descending: bool
) -> ColumnElement[bool]:
    if is_descending:
        return and_(column <= value, or_(column < value, row_id < last_id))
    return and_(column >= value, or_(column > value, row_id > last_id))


def starts_with(column: SQLColumnExpression[str] | SQLColumnExpression[str | None], start: str) -> ColumnElement[bool]:
    """The condition that `column` begins with `start`, in a form that an index answers.

    PostgreSQL has an index of patterns (LIKE); the others compare by code points.
    """
    if db.engine.dialect.name == "postgresql":
        return column.startswith(start, autoescape=True)
    end = _prefix_end(start)
    return column >= start if end is None else and_(column >= start, column < end)


def _prefix_end(start: str) -> str | None:
    """The first string after all that begin with `start`, by code points; None if there is none."""
    start = start.rstrip(chr(MAX_CODE_POINT))
    if not start:
        return None
    letter = ord(start[-1])
    return start[:-1] + chr(letter + 1 + (SURROGATE_COUNT if letter == LAST_BEFORE_SURROGATES else 0))
