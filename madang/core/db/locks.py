"""Lock rows until the transaction ends; fetch rows by id with a prepared statement.

In which order rows are locked, so that transactions do not deadlock, is in docs/architecture/writes.md ("Row locks").
"""

from functools import cache
from typing import TypeVar

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm.util import identity_key

from .base import Base
from .session import db

Entity = TypeVar("Entity", bound=Base)


def lock_row(row: Base) -> None:
    """Lock `row` until the transaction ends and refresh its values."""
    mapper = inspect(type(row))
    values = zip(mapper.primary_key, mapper.primary_key_from_instance(row), strict=True)
    db.session.execute(
        _select_for_update(type(row)), {f"key_{column.name}": value for column, value in values}
    ).scalar_one()


@cache
def _select_for_update(table: type[Base]) -> Select:
    """One row for update. Cached: `Session.refresh` builds this each time, for twice the cost."""
    keys = [column == bindparam(f"key_{column.name}") for column in inspect(table).primary_key]
    return select(table).where(*keys).with_for_update().execution_options(populate_existing=True)


def find(table: type[Entity], row_id: int) -> Entity | None:
    """The entity of that id, by a cached statement: `Session.get` builds one for each query."""
    if identity_key(table, row_id) in db.session.identity_map:
        return db.session.get(table, row_id)
    return db.session.execute(_select_by_id(table), {"row_id": row_id}).scalar_one_or_none()


@cache
def _select_by_id(table: type[Base]) -> Select:
    return select(table).where(table.__table__.c.id == bindparam("row_id"))
