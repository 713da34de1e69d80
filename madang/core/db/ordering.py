"""Lists in the order of an index: what lies behind a row, and what begins with some letters."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_

from .session import db

LAST_LETTER, BEFORE_SURROGATES, SURROGATES = 0x10FFFF, 0xD7FF, 0x800


def rows_behind(
    rows: Select, column: Any, row_id: Any, key: tuple[Any, int] | None, limit: int, *, is_descending: bool
) -> list[Row]:
    """The next `limit` of `rows`, ordered by `column` and number, behind the one with this `key` of both."""
    if key is not None:
        rows = rows.where(_is_behind(column, row_id, *key, is_descending=is_descending))
    order = (column.desc(), row_id.desc()) if is_descending else (column, row_id)
    return list(db.session.execute(rows.order_by(*order).limit(limit)).all())


def _is_behind(column: Any, row_id: Any, value: Any, last_id: int, *, is_descending: bool) -> ColumnElement[bool]:
    if is_descending:
        return and_(column <= value, or_(column < value, row_id < last_id))
    return and_(column >= value, or_(column > value, row_id > last_id))


def begins(column: Any, start: str) -> ColumnElement[bool]:
    """The rows whose `column` begins with `start`, found in an index.

    PostgreSQL looks into an index of patterns; the others compare by the numbers of the letters.
    """
    if db.engine.dialect.name == "postgresql":
        return column.startswith(start, autoescape=True)
    end = _following(start)
    return column >= start if end is None else and_(column >= start, column < end)


def _following(start: str) -> str | None:
    """The first text behind all that begin so; None where there is none."""
    start = start.rstrip(chr(LAST_LETTER))
    if not start:
        return None
    letter = ord(start[-1])
    return start[:-1] + chr(letter + 1 + (SURROGATES if letter == BEFORE_SURROGATES else 0))
