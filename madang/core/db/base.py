"""The base class of all tables, with naming conventions for constraints."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import MetaData, String, Table
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.schema import SchemaItem

from .types import MYSQL_TABLE, BigId, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime(), str: String(255), int: BigId}
    __table_args__: Any = MYSQL_TABLE
    if TYPE_CHECKING:
        __table__: ClassVar[Table]  # SQLAlchemy declares a FromClause, since a model can be mapped to a join


def table_args(*constraints: SchemaItem) -> tuple[SchemaItem | dict[str, str], ...]:
    """Constraints and indexes of a table, with the options of every table."""
    return (*constraints, MYSQL_TABLE)
