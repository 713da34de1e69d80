"""Pages of a list: numbered as people expect, or beginning behind a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Page:
    """Page `number` of a list of `total` things, `size` to a page. `link(n)` gives page n's address."""

    number: int
    size: int
    total: int
    link: Callable[[int], str] = str

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def has_prev(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.last

    def url(self, number: int) -> str:
        return self.link(number)

    @property
    def window(self) -> list[int | None]:
        """The page numbers to show: the first, the last, and those around this one; None where some are left out."""
        near = {1, self.last, *range(max(1, self.number - 2), min(self.last, self.number + 2) + 1)}
        shown: list[int | None] = []
        for number in sorted(near):
            previous = shown[-1] if shown else 0
            if previous is not None and number - previous == 2:
                shown.append(number - 1)
            elif previous is not None and number - previous > 2:
                shown.append(None)
            shown.append(number)
        return shown


def write_place(moment: datetime, row_id: int) -> str:
    """A place between the rows of a list that goes by time, for an address: behind this row."""
    return f"{(moment - EPOCH) // timedelta(microseconds=1)}-{row_id}"


def parse_place(text: str) -> Place | None:
    """What `write_place` wrote; None for anything else."""
    moment, _dash, last = text.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) <= 16 for part in (moment, last)):
        return None
    return EPOCH + timedelta(microseconds=int(moment)), int(last)
