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
    gone_id: int,
    kept_id: int,
    once_for: InstrumentedAttribute | None = None,
) -> None:
    """Reassign the rows of owner `gone_id` to `kept_id`.

    With `once_for`, an owner has one row for each value of that column: where both have one, that of `kept_id` stays.
    """
    if once_for is not None:
        kept = select(once_for).where(owner == kept_id)
        duplicates = db.session.scalars(select(once_for).where(owner == gone_id, once_for.in_(kept))).all()
        for start in range(0, len(duplicates), BATCH_SIZE):
            db.write(delete(table).where(owner == gone_id, once_for.in_(duplicates[start : start + BATCH_SIZE])))
    db.write(update(table).where(owner == gone_id).values({owner.key: kept_id}))
