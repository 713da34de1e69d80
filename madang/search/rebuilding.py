"""Making the whole index anew at once, from the command line."""

from collections.abc import Callable

from madang.core.db import transaction

from .operations import PARTS, index_next

AT_ONCE = 1_000


def rebuild_all(tell: Callable[[str, int], object] = lambda _part, _count: None) -> None:
    """Index everything, each piece in a transaction of its own; `tell(part, count)` hears how far it has come."""
    for part in PARTS:
        after: int | None = 0
        count = 0
        while after is not None:
            with transaction():
                after = index_next(part, after, AT_ONCE)
            count += AT_ONCE
            tell(part, count)
