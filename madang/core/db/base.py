"""The base class of all tables, with conventional names for constraints."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    MetaData,
    String,
)
from sqlalchemy.orm import DeclarativeBase

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


def table_args(*constraints: Any) -> tuple[Any, ...]:
    """Constraints and indexes of a table, with the options every table has."""
    return (*constraints, MYSQL_TABLE)
