"""Rebuild of the whole search index in batches, each in a short transaction."""

from collections.abc import Callable

from sqlalchemy import func, select

from madang.core.db import db, transaction

from .indexing import PARTS, index_next

FIRST_PART = next(iter(PARTS))


def rebuild_all(
    on_batch: Callable[[str, int], object] = lambda _part, _last: None,
    *,
    part: str = FIRST_PART,
    after: int = 0,
    batch_size: int = 1_000,
) -> None:
    """Index everything, beginning with the rows of `part` above the id `after`; one transaction for each batch.

    Calls `on_batch(part, last)` in the transaction of each batch with the id of its last row.
    """
    parts = list(PARTS)
    for name in parts[parts.index(part) :]:
        last: int | None = after if name == part else 0
        while last is not None:
            with transaction():
                last = index_next(name, last, batch_size)
                if last is not None:
                    on_batch(name, last)


def percent_at(part: str, last: int) -> float:
    """How much is indexed after the row `last` of `part`, in percent, estimated from the highest ids."""
    highest = {name: db.session.scalar(select(func.max(table.id))) or 0 for name, (table, _index) in PARTS.items()}
    parts = list(PARTS)
    done = sum(highest[name] for name in parts[: parts.index(part)]) + last
    return 100 * done / max(1, sum(highest.values()))
