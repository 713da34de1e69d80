"""Reassign the rows of one owner to another."""

from sqlalchemy import ColumnElement, delete, select, true, update
from sqlalchemy.orm import InstrumentedAttribute

from .session import db

BATCH_SIZE = 500
Attribute = InstrumentedAttribute


def reassign_rows(
    owner: Attribute,
    *,
    source_id: int,
    target_id: int,
    once_for: Attribute | None = None,
    clear: Attribute | None = None,
    where: ColumnElement[bool] | None = None,
) -> None:
    """Reassign the rows of owner `source_id` to `target_id`, only those that meet `where`.

    With `once_for`, an owner has one row for each value of that column: where both have one, that of `target_id` stays.
    `clear` is set to null in the rows of `source_id`: a column that is unique together with the owner.
    """
    table, where = owner.class_, true() if where is None else where
    of_source = (owner == source_id) & where
    if clear is not None:
        db.write(update(table).where(of_source).values({clear.key: None}))
    if once_for is not None:
        kept = select(once_for).where(owner == target_id, where)
        duplicates = db.session.scalars(select(once_for).where(of_source, once_for.in_(kept))).all()
        for start in range(0, len(duplicates), BATCH_SIZE):
            db.write(delete(table).where(of_source, once_for.in_(duplicates[start : start + BATCH_SIZE])))
    db.write(update(table).where(of_source).values({owner.key: target_id}))
