"""The moment, asked in one place so that tests can give it."""

from collections.abc import Callable
from datetime import UTC, datetime

_read: list[Callable[[], datetime]] = []


def now() -> datetime:
    """The present moment in UTC."""
    return _read[-1]() if _read else datetime.now(UTC)


class at:  # noqa: N801  (reads as a word: `with at(moment):`)
    """Within the block the clock stands at `moment`."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __enter__(self) -> None:
        _read.append(lambda: self.moment)

    def __exit__(self, *_error: object) -> None:
        _read.pop()
