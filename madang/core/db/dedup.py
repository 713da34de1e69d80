"""A double click is one post: the same words by the same person to the same place within minutes are one thing."""

import hashlib
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select

from .base import Base
from .session import db

WINDOW_SECONDS = 600
Row = TypeVar("Row", bound=Base)


def fingerprints(*parts: object, now: datetime) -> list[str]:
    """The fingerprint of `parts` in this window of ten minutes, and in the one before."""
    window = int(now.timestamp()) // WINDOW_SECONDS
    text = "\x1f".join(str(part) for part in parts)
    return [hashlib.sha256(f"{w}\x1f{text}".encode()).hexdigest() for w in (window, window - 1)]


def insert_deduplicated(row: Row, prints: list[str]) -> tuple[Row, bool]:
    """Insert `row` (which has `author_id` and `fingerprint`) unless it came moments ago.

    Returns the row that stands, and whether it is new. Whoever calls holds what the row is written under, and its
    number is part of the fingerprint: so two requests at the same instant come one after the other.
    """
    model: Any = type(row)
    same = db.write(_same(model), {"author": row.author_id, "prints": prints}).scalar()  # type: ignore[attr-defined]
    if same is not None:
        return db.session.get_one(model, same), False
    row.fingerprint = prints[0]  # type: ignore[attr-defined]
    db.session.add(row)
    db.session.flush()
    return row, True


@cache
def _same(model: Any) -> Select:
    columns = model.__table__.c
    is_same = columns.fingerprint.in_(bindparam("prints", expanding=True))
    return select(columns.id).where(columns.author_id == bindparam("author"), is_same)
