"""A double click is one post: the same words by the same person to the same place within minutes are one thing."""

import hashlib
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from .db import Base, db

WINDOW_SECONDS = 600
Row = TypeVar("Row", bound=Base)


def fingerprints(*parts: object, now: datetime) -> list[str]:
    """The fingerprint of `parts` in this window of ten minutes, and in the one before."""
    window = int(now.timestamp()) // WINDOW_SECONDS
    text = "\x1f".join(str(part) for part in parts)
    return [hashlib.sha256(f"{w}\x1f{text}".encode()).hexdigest() for w in (window, window - 1)]


def insert_once(row: Row, prints: list[str]) -> tuple[Row, bool]:
    """Insert `row` (which has `author_id` and `fingerprint`) unless it came moments ago.

    Returns the row that stands, and whether it is new. Two requests at the same instant get the same row.
    """
    model: Any = type(row)
    same = select(model).where(model.author_id == row.author_id, model.fingerprint.in_(prints))  # type: ignore[attr-defined]
    if earlier := db.session.scalar(same):
        return earlier, False
    row.fingerprint = prints[0]  # type: ignore[attr-defined]
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        if earlier := db.session.scalar(same):
            return earlier, False
        raise
    return row, True
