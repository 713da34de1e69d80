"""Deduplication of double submits: the same text by the same author in the same place within minutes is one row."""

import hashlib
from datetime import datetime
from functools import cache
from typing import ClassVar, Protocol, TypeVar

from sqlalchemy import Select, Table, bindparam, select

from .session import db

WINDOW_SECONDS = 600


class Deduplicated(Protocol):
    """A row that is found again by its author and fingerprint."""

    __table__: ClassVar[Table]
    author_id: int | None
    fingerprint: str | None


Entity = TypeVar("Entity", bound=Deduplicated)


def fingerprints(*parts: object, now: datetime) -> list[str]:
    """The SHA-256 fingerprints of `parts` in the current window of ten minutes and in the previous one."""
    window = int(now.timestamp()) // WINDOW_SECONDS
    return [digest(number, *parts) for number in (window, window - 1)]


def digest(*parts: object) -> str:
    """The SHA-256 digest of `parts`, in hexadecimal."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()


def insert_deduplicated(row: Entity, prints: list[str]) -> tuple[Entity, bool]:
    """Insert `row` unless its author has just sent the same.

    Returns the stored row and whether it is new. The caller holds a lock on the row's parent, whose id is part of the
    fingerprint, so that concurrent requests come one after the other.
    """
    model = type(row)
    row_id = db.write(_select_duplicate(model), {"author": row.author_id, "prints": prints}).scalar()
    if row_id is not None:
        return db.session.get_one(model, row_id), False
    row.fingerprint = prints[0]
    db.session.add(row)
    db.session.flush()
    return row, True


@cache
def _select_duplicate(model: type[Deduplicated]) -> Select:
    columns = model.__table__.c
    has_same_print = columns.fingerprint.in_(bindparam("prints", expanding=True))
    return select(columns.id).where(columns.author_id == bindparam("author"), has_same_print)
