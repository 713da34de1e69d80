"""Queries that walk an index: the rows after a given row (keyset pagination), and prefix search."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, UnaryExpression, and_, or_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.operators import desc_op

from .session import db

MAX_CODE_POINT, LAST_BEFORE_SURROGATES, SURROGATE_COUNT = 0x10FFFF, 0xD7FF, 0x800
Column = ColumnElement[Any] | InstrumentedAttribute[Any]
Key = tuple[Any, ...]


class Keyset:
    """A sort order in which a list can be continued after any of its rows.

    `columns` are the columns to sort by, `.desc()` for descending ones; the last one is unique. The *key* of a row is
    the values of these columns, under the `names` that they have in the rows.

    Each column is compared with `<` and `>`, so none may be null or boolean. To sort by a state, sort by a number, and
    give the rows that number under the name: `rank = case((Post.pinned_at.is_(None), 1), else_=0)`, then
    `Keyset(rank, Post.id, names=("rank", "id"))` for rows that select `rank.label("rank")`. An entity has no such name:
    `key_of` takes a row then.
    """

    def __init__(self, *columns: Column | UnaryExpression[Any], names: tuple[str, ...] = ()) -> None:
        self.order_by = columns
        self._is_descending = [getattr(column, "modifier", None) is desc_op for column in columns]
        self.columns: list[Column] = [
            column.element if isinstance(column, UnaryExpression) else column for column in columns
        ]
        self.names = names or tuple(str(column.key) for column in self.columns)

    @property
    def types(self) -> tuple[type, ...]:
        """The types of a key's parts."""
        return tuple(column.type.python_type for column in self.columns)

    def key_of(self, row: object) -> Key:
        """The key of a row or entity."""
        return tuple(getattr(row, name) for name in self.names)

    def is_after(self, key: Sequence[object]) -> ColumnElement[bool]:
        """The condition that a row comes after the one with this key, in a form that an index answers."""
        return self._is_beyond(key, is_descending=self._is_descending)

    def is_before(self, key: Sequence[object]) -> ColumnElement[bool]:
        """The condition that a row comes before the one with this key."""
        return self._is_beyond(key, is_descending=[not descends for descends in self._is_descending])

    def select_after(self, rows: Select, key: Sequence[object] | None, limit: int) -> Select:
        """Select the next `limit` of `rows` after the one with this key, or the first ones."""
        if key is not None:
            rows = rows.where(self.is_after(key))
        return rows.order_by(*self.order_by).limit(limit)

    def _is_beyond(self, key: Sequence[object], *, is_descending: list[bool]) -> ColumnElement[bool]:
        *steps, (column, value, descends) = zip(self.columns, key, is_descending, strict=True)
        beyond: ColumnElement[bool] = column < value if descends else column > value
        for column, value, descends in reversed(steps):
            reaches, passes = (column <= value, column < value) if descends else (column >= value, column > value)
            beyond = and_(reaches, or_(passes, beyond))
        return beyond


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
