"""Reassign the rows of one owner to another."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from .base import Base
from .session import db

BATCH_SIZE = 500


def reassign_rows(
    table: type[Base],
    owner: InstrumentedAttribute,
    *,
    source_id: int,
    target_id: int,
    once_for: InstrumentedAttribute | None = None,
) -> None:
    """Reassign the rows of owner `source_id` to `target_id`.

    With `once_for`, an owner has one row for each value of that column: where both have one, that of `target_id` stays.
    """
    if once_for is not None:
        kept = select(once_for).where(owner == target_id)
        duplicates = db.session.scalars(select(once_for).where(owner == source_id, once_for.in_(kept))).all()
        for start in range(0, len(duplicates), BATCH_SIZE):
            db.write(delete(table).where(owner == source_id, once_for.in_(duplicates[start : start + BATCH_SIZE])))
    db.write(update(table).where(owner == source_id).values({owner.key: target_id}))
