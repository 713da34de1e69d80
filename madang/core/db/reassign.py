"""Rows of one owner become another's."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from .base import Base
from .session import db

AT_ONCE = 500


def reassign_rows(table: type[Base], owner: Any, *, gone_id: int, kept_id: int, once_for: Any = None) -> None:
    """Let the rows of `gone_id` belong to `kept_id`.

    An owner has one row for each value of the column `once_for`: where both have one, that of `kept_id` stays.
    """
    if once_for is not None:
        kept = select(once_for).where(owner == kept_id)
        both = db.session.scalars(select(once_for).where(owner == gone_id, once_for.in_(kept))).all()
        for some in _pieces(both):
            _run(delete(table).where(owner == gone_id, once_for.in_(some)))
    _run(update(table).where(owner == gone_id).values({owner.key: kept_id}))


def _pieces(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def _run(change: Any) -> None:
    db.session.execute(change.execution_options(synchronize_session=False))
