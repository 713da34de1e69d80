"""Pagination: numbered pages of a list, and cursors that name the row to continue after."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Cursor = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Page:
    """Page `number` of a list of `total` rows, `size` rows a page. `link(n)` returns the address of page n."""

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
        """The page numbers to show: the first, the last, and those around this one; None for each gap."""
        near = {1, self.last, *range(max(1, self.number - 2), min(self.last, self.number + 2) + 1)}
        numbers: list[int | None] = []
        for number in sorted(near):
            previous = numbers[-1] if numbers else 0
            if previous is not None and number - previous == 2:
                numbers.append(number - 1)
            elif previous is not None and number - previous > 2:
                numbers.append(None)
            numbers.append(number)
        return numbers


def format_cursor(moment: datetime, row_id: int) -> str:
    """The cursor, for a query string, of the rows after this one in a list that is ordered by time and id."""
    return f"{(moment - EPOCH) // timedelta(microseconds=1)}-{row_id}"


def parse_cursor(text: str) -> Cursor | None:
    """The time and id of a cursor; None if `text` is no cursor."""
    moment, _dash, last = text.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) <= 16 for part in (moment, last)):
        return None
    return EPOCH + timedelta(microseconds=int(moment)), int(last)
