"""Making the whole index anew, a piece at a time, so that nobody waits to write meanwhile."""

from collections.abc import Callable

from sqlalchemy import func, select

from madang.core.db import db, transaction

from .indexing import PARTS, index_next

FIRST_PART = next(iter(PARTS))


def rebuild_all(
    tell: Callable[[str, int], object] = lambda _part, _last: None,
    *,
    part: str = FIRST_PART,
    after: int = 0,
    at_once: int = 1_000,
) -> None:
    """Index everything from the number `after` of `part` on, each piece in a transaction of its own.

    `notify(part, last)` hears in that transaction which number was the last.
    """
    parts = list(PARTS)
    for name in parts[parts.index(part) :]:
        last: int | None = after if name == part else 0
        while last is not None:
            with transaction():
                last = index_next(name, last, at_once)
                if last is not None:
                    tell(name, last)


def percent_at(part: str, last: int) -> float:
    """How much of everything is behind the number `last` of `part`, by the highest numbers."""
    highest = {name: db.session.scalar(select(func.max(table.id))) or 0 for name, (table, _index) in PARTS.items()}
    parts = list(PARTS)
    behind = sum(highest[name] for name in parts[: parts.index(part)]) + last
    return 100 * behind / max(1, sum(highest.values()))
