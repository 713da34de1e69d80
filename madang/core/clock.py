"""The current time, read in one place so that tests can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_frozen: list[datetime] = []


def now() -> datetime:
    """The current time in UTC."""
    return _frozen[-1] if _frozen else datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Freeze the clock at `moment` within the block."""
    _frozen.append(moment)
    try:
        yield
    finally:
        _frozen.pop()
