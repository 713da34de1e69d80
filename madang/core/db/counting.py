"""Declarations of the counters that slices keep, from which they are verified and repaired."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from .base import Base


@dataclass(frozen=True)
class Counter:
    """A column of `table`, and the expression that counts its correct value."""

    table: type[Base]
    column: str
    counted: ColumnElement[int]


@dataclass(frozen=True)
class CountedTable:
    """A table of counts: its key columns, the column with the count, and what returns all rows as they should be."""

    table: type[Base]
    keys: tuple[str, ...]
    column: str
    counted_rows: Callable[[], list[dict[str, int]]]


_counters: list[Counter | CountedTable] = []


def count_of(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    """The number of rows that fulfil `conditions`, as an expression for `Counter.counted`."""
    return select(func.count()).where(*conditions).scalar_subquery()


def connect(counters: Iterable[Counter | CountedTable]) -> None:
    """Replace the declared counters. The order matters: later ones may be counted from earlier ones."""
    _counters[:] = counters


def counters() -> list[Counter | CountedTable]:
    """All declared counters, in the order in which they must be repaired."""
    return _counters
