"""Counters that concurrent writers increment without losing an update."""

from functools import cache

from sqlalchemy import Insert, Select, Update, bindparam, select, update
from sqlalchemy.sql.dml import ReturningInsert

from .base import Base
from .session import db
from .upsert import upsert_statement


def add_to(table: type[Base], row_id: int, **amounts: int) -> None:
    """Add `amounts` to columns of a row by `x = x + 1` in the database."""
    db.write(_addition(table, tuple(amounts)), {"row_id": row_id, **{f"by_{name}": by for name, by in amounts.items()}})


@cache
def _addition(table: type[Base], names: tuple[str, ...]) -> Update:
    columns = table.__table__.c
    sums = {name: columns[name] + bindparam(f"by_{name}", type_=columns[name].type) for name in names}
    return update(table.__table__).where(columns.id == bindparam("row_id")).values(sums)


def increase(table: type[Base], key: dict[str, int], column: str, by: int) -> None:
    """Add `by` to a counter's row, which is inserted if it does not exist yet."""
    db.write(_increase_statement(db.engine.dialect.name, table, tuple(key), column), _parameters(key, by))


def increase_and_get(table: type[Base], key: dict[str, int], column: str, by: int) -> int:
    """Add as `increase` does and return the sum; the row stays locked until the transaction ends."""
    dialect, names = db.engine.dialect.name, tuple(key)
    if dialect in ("sqlite", "postgresql"):
        statement = _increase_statement(dialect, table, names, column, returns_sum=True)
        return int(db.write(statement, _parameters(key, by)).scalar_one())
    increase(table, key, column, by)
    return int(db.write(_select_counter(table, names, column), _parameters(key, by)).scalar_one())


def _parameters(key: dict[str, int], by: int) -> dict[str, int]:
    return {"by": by, **{f"key_{name}": value for name, value in key.items()}}


@cache
def _increase_statement(
    dialect: str, table: type[Base], key: tuple[str, ...], column: str, *, returns_sum: bool = False
) -> Insert | ReturningInsert:
    columns = table.__table__.c
    by = bindparam("by", type_=columns[column].type)
    values = {**{name: bindparam(f"key_{name}") for name in key}, column: by}
    statement = upsert_statement(dialect, table, key, values, {column: columns[column] + by})
    return statement.returning(columns[column]) if returns_sum else statement


@cache
def _select_counter(table: type[Base], key: tuple[str, ...], column: str) -> Select:
    columns = table.__table__.c
    return select(columns[column]).where(*(columns[name] == bindparam(f"key_{name}") for name in key))
