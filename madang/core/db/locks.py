"""Rows held until the transaction ends, and rows fetched by their id."""

from functools import cache
from typing import TypeVar

from sqlalchemy import (
    Select,
    bindparam,
    inspect,
    select,
)
from sqlalchemy.orm.util import identity_key

from .base import Base
from .session import db

Entity = TypeVar("Entity", bound=Base)


def lock(row: Base) -> None:
    """Hold `row` until the transaction ends, with its present values: nobody else can change it meanwhile."""
    mapper = inspect(type(row))
    values = zip(mapper.primary_key, mapper.primary_key_from_instance(row), strict=True)
    db.session.execute(_holding(type(row)), {f"key_{column.name}": value for column, value in values}).scalar_one()


@cache
def _holding(table: type[Base]) -> Select:
    """One row for update. `Session.refresh` builds this anew each time, for twice the cost."""
    keys = [column == bindparam(f"key_{column.name}") for column in inspect(table).primary_key]
    return select(table).where(*keys).with_for_update().execution_options(populate_existing=True)


def find(table: type[Entity], row_id: int) -> Entity | None:
    """The entity of that id, by a statement that stands ready: `Session.get` builds one each time it has to look."""
    if identity_key(table, row_id) in db.session.identity_map:
        return db.session.get(table, row_id)
    return db.session.execute(_finding(table), {"row_id": row_id}).scalar_one_or_none()


@cache
def _finding(table: type[Base]) -> Select:
    return select(table).where(table.__table__.c.id == bindparam("row_id"))
