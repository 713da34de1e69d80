"""Counters that two writers at the same instant both change."""

from functools import cache
from typing import Any

from sqlalchemy import (
    Select,
    Update,
    bindparam,
    select,
    update,
)

from .base import Base
from .session import db
from .upsert import upsert_statement


def add_to(table: type[Base], row_id: int, **amounts: int) -> None:
    """Add to columns of a row by `x = x + 1` in the database, so that two at the same instant both count."""
    db.write(_adding(table, tuple(amounts)), {"row_id": row_id, **{f"more_{name}": by for name, by in amounts.items()}})


@cache
def _adding(table: type[Base], names: tuple[str, ...]) -> Update:
    columns = table.__table__.c
    more = {name: columns[name] + bindparam(f"more_{name}", type_=columns[name].type) for name in names}
    return update(table.__table__).where(columns.id == bindparam("row_id")).values(more)  # type: ignore[arg-type]


def increase(table: type[Base], key: dict[str, int], column: str, by: int) -> None:
    """Add `by` to a counter's row, making the row where there is none yet; safe against others who do the same."""
    db.write(_increasing(db.engine.dialect.name, table, tuple(key), column), _named(key, by))


def increased(table: type[Base], key: dict[str, int], column: str, by: int) -> int:
    """Add as `increase` does, and give the sum; the row is held until the transaction ends."""
    dialect, names = db.engine.dialect.name, tuple(key)
    if dialect in ("sqlite", "postgresql"):
        giving = _increasing(dialect, table, names, column, gives_sum=True)
        return int(db.write(giving, _named(key, by)).scalar_one())
    increase(table, key, column, by)
    return int(db.write(_reading(table, names, column), _named(key, by)).scalar_one())


def _named(key: dict[str, int], by: int) -> dict[str, int]:
    return {"by": by, **{f"key_{name}": value for name, value in key.items()}}


@cache
def _increasing(dialect: str, table: type[Base], key: tuple[str, ...], column: str, *, gives_sum: bool = False) -> Any:
    columns = table.__table__.c
    by = bindparam("by", type_=columns[column].type)
    values = {**{name: bindparam(f"key_{name}") for name in key}, column: by}
    statement = upsert_statement(dialect, table, key, values, {column: columns[column] + by})
    return statement.returning(columns[column]) if gives_sum else statement


@cache
def _reading(table: type[Base], key: tuple[str, ...], column: str) -> Select:
    columns = table.__table__.c
    return select(columns[column]).where(*(columns[name] == bindparam(f"key_{name}") for name in key))
