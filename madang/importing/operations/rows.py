"""Streaming reader of the XML files of a dump.

Each `<row .../>` is parsed separately, so that only one is in memory at a time and a broken one does not affect the
others.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import ParseError, fromstring

from madang.core.i18n import _

from .encodings import chunks
from .row_sources import MAX_ROW_BYTES, row_sources

BATCH_ROWS = 1_000
BATCH_BYTES = 2 * 1024**2
MAX_NUMBER = 2**53
MAX_COUNT = 2**31 - 1  # of the columns of scores, views and reputation
FIRST_YEAR, LAST_YEAR = 1970, 2099
WHOLE_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,40}\s*")
# References to characters that XML 1.0 forbids; some dumps have them.
FORBIDDEN_CHARACTER = re.compile(rb"&#(?:x0*(?:[0-8bcBCeEfF]|1[0-9a-fA-F]|[dD][89a-fA-F]..|[fF]{3}[eEfF])|0*[0-8]);")

Advance = Callable[[int], None]


class BrokenRow(ValueError):
    """The row cannot be imported; the message is a sentence for the user."""


class Problem(NamedTuple):
    """A broken row: its file and line (0 for the file as a whole), and what is wrong with it."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


Report = Callable[[Problem], None]


class Row:
    """One row of a file with its position (`offset` and `length` in bytes) and its attributes."""

    __slots__ = ("file", "length", "line", "offset", "values")

    def __init__(self, file: str, line: int, offset: int, length: int, values: dict[str, str]) -> None:
        self.file, self.line, self.offset, self.length, self.values = file, line, offset, length, values

    @property
    def id(self) -> str:
        """The row's id in the dump. Raises `BrokenRow`."""
        return str(self.required_number("Id"))

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def required_text(self, name: str) -> str:
        if not self.text(name).strip():
            raise BrokenRow(_("The row has no %(name)s.", name=name))
        return self.text(name)

    def number(self, name: str) -> int | None:
        """The attribute as an integer, None if the row has none. Raises `BrokenRow`."""
        value = self.values.get(name)
        if value is None:
            return None
        number = int(value) if WHOLE_NUMBER.fullmatch(value) else None
        if number is None or abs(number) > MAX_NUMBER:
            raise BrokenRow(_("%(name)s must be a whole number; it is “%(value)s”.", name=name, value=value[:40]))
        return number

    def count(self, name: str) -> int | None:
        """A number that is stored as one, such as a score. Raises `BrokenRow`."""
        number = self.number(name)
        if number is not None and abs(number) > MAX_COUNT:
            raise BrokenRow(_("%(name)s is too large: “%(value)s”.", name=name, value=number))
        return number

    def required_number(self, name: str) -> int:
        self.required_text(name)
        return self.number(name) or 0

    def reference(self, name: str) -> str | None:
        """The id of another row, None if the row has none. Raises `BrokenRow`."""
        number = self.number(name)
        return None if number is None else str(number)

    def moment(self, name: str) -> datetime | None:
        """The attribute as a time, None if the row has none; dumps write UTC without an offset. Raises `BrokenRow`."""
        value = self.values.get(name)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise BrokenRow(_("%(name)s must be a time; it is “%(value)s”.", name=name, value=value[:40])) from None
        if not FIRST_YEAR < moment.year <= LAST_YEAR:  # an offset may move a time into a neighbouring year
            raise BrokenRow(_("%(name)s is not a possible time: “%(value)s”.", name=name, value=value[:40]))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

    def required_moment(self, name: str) -> datetime:
        self.required_text(name)
        moment = self.moment(name)
        assert moment is not None
        return moment


class DumpFile:
    """A file of a dump. Calls `advance` with the number of bytes read and `report` with each broken row."""

    def __init__(self, path: Path, *, advance: Advance, report: Report) -> None:
        self.path, self.advance, self.report = path, advance, report

    def rows(self, is_selected: Callable[[bytes], bool] = lambda _source: True) -> Iterator[Row]:
        """The rows whose XML source satisfies `is_selected`; the others are not parsed."""
        for line, offset, source in row_sources(self._pieces()):
            try:
                if not source:
                    raise BrokenRow(_("The row is larger than %(size)s MB.", size=MAX_ROW_BYTES // 1024**2))
                if is_selected(source):
                    yield Row(self.path.name, line, offset, len(source), parse_row(source))
            except BrokenRow as error:
                self.report(Problem(self.path.name, line, str(error)))

    def batches(self, is_selected: Callable[[bytes], bool] = lambda _source: True) -> Iterator[list[Row]]:
        """The rows in lists of up to `BATCH_ROWS` rows and about `BATCH_BYTES` bytes."""
        batch: list[Row] = []
        size = 0
        for row in self.rows(is_selected):
            batch.append(row)
            size += row.length
            if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def rows_at(self, positions: Iterable[tuple[int, int]]) -> Iterator[Row]:
        """The rows at these positions (offset, length), which `rows` has parsed before."""
        with self.path.open("rb") as file:
            for offset, length in positions:
                file.seek(offset)
                yield Row(self.path.name, 0, offset, length, parse_row(file.read(length)))

    def _pieces(self) -> Iterator[bytes]:
        for piece in chunks(self.path):
            yield piece
            self.advance(len(piece))


def parse_row(source: bytes) -> dict[str, str]:
    """The attributes of a row from its XML source. Raises `BrokenRow`."""
    try:
        return dict(fromstring(source).attrib)  # noqa: S314  (a single element: it can define no entities)
    except ParseError:
        pass
    try:
        return dict(fromstring(FORBIDDEN_CHARACTER.sub(b"", source)).attrib)  # noqa: S314
    except ParseError as error:
        raise BrokenRow(_("The row is not well-formed XML (%(error)s).", error=error)) from None
