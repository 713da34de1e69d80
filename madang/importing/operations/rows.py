"""The rows of a dump's file, one after the other: however long the file is, one row is in memory.

A file of the dump holds one `<row .../>` on each line. Each is parsed by itself, so a broken one spoils no other.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import ParseError, fromstring

from madang.core.i18n import _

MAX_ROW_BYTES = 16 * 1024**2
BATCH_ROWS = 1_000
BATCH_BYTES = 2 * 1024**2
LARGEST_NUMBER = 2**53
ROW_START = b"<row"
# XML has no way to write these, but some dumps do.
FORBIDDEN_CHARACTER = re.compile(rb"&#(?:x0*(?:[0-8bcBCeEfF]|1[0-9a-fA-F]|[dD][89a-fA-F]..|[fF]{3}[eEfF])|0*[0-8]);")

Advance = Callable[[int], None]


class BrokenRow(ValueError):
    """A row cannot be imported; the message says why, as a sentence."""


class Problem(NamedTuple):
    """What is wrong with the row at a line of a file."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


Report = Callable[[Problem], None]


class Row:
    """One row of a file: where it stands, and its values."""

    __slots__ = ("file", "length", "line", "offset", "values")

    def __init__(self, file: str, line: int, offset: int, length: int, values: dict[str, str]) -> None:
        self.file, self.line, self.offset, self.length, self.values = file, line, offset, length, values

    @property
    def id(self) -> str:
        """The row's own number, as the dump writes it."""
        return str(self.required_number("Id"))

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def required_text(self, name: str) -> str:
        if not self.text(name).strip():
            raise BrokenRow(_("The row has no %(name)s.", name=name))
        return self.text(name)

    def number(self, name: str) -> int | None:
        """A whole number, None where the dump gives none. Raises `BrokenRow`."""
        written = self.values.get(name)
        if written is None:
            return None
        try:
            number = int(written)
        except ValueError:
            number = None
        if number is None or abs(number) > LARGEST_NUMBER:
            raise BrokenRow(_("%(name)s must be a whole number; it is “%(value)s”.", name=name, value=written[:40]))
        return number

    def required_number(self, name: str) -> int:
        self.required_text(name)
        return self.number(name) or 0

    def reference(self, name: str) -> str | None:
        """The number of another row, as the dump writes it."""
        number = self.number(name)
        return None if number is None else str(number)

    def moment(self, name: str) -> datetime | None:
        """A time, which dumps write in UTC without saying so. Raises `BrokenRow`."""
        written = self.values.get(name)
        if written is None:
            return None
        try:
            return datetime.fromisoformat(written).replace(tzinfo=UTC)
        except ValueError:
            raise BrokenRow(_("%(name)s must be a time; it is “%(value)s”.", name=name, value=written[:40])) from None

    def required_moment(self, name: str) -> datetime:
        self.required_text(name)
        moment = self.moment(name)
        assert moment is not None
        return moment


class DumpFile:
    """A file of a dump. `advance` hears how many bytes were read, `report` of every row that is broken."""

    def __init__(self, path: Path, *, advance: Advance, report: Report) -> None:
        self.path, self.advance, self.report = path, advance, report

    def rows(self, keep: Callable[[bytes], bool] = lambda _written: True) -> Iterator[Row]:
        """The rows whose writing `keep` wants; the others are not even parsed."""
        for line, offset, written in self._written_rows():
            if not keep(written):
                continue
            try:
                yield Row(self.path.name, line, offset, len(written), parse(written))
            except BrokenRow as error:
                self.report(Problem(self.path.name, line, str(error)))

    def batches(self, keep: Callable[[bytes], bool] = lambda _written: True) -> Iterator[list[Row]]:
        """The rows in lists of about a thousand, fewer where they are long."""
        batch: list[Row] = []
        size = 0
        for row in self.rows(keep):
            batch.append(row)
            size += row.length
            if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def rows_at(self, places: Iterable[tuple[int, int]]) -> Iterator[Row]:
        """The rows at these places (offset, length), which `rows` has found sound."""
        with self.path.open("rb") as file:
            for offset, length in places:
                file.seek(offset)
                yield Row(self.path.name, 0, offset, length, parse(file.read(length)))

    def _written_rows(self) -> Iterator[tuple[int, int, bytes]]:
        """Line, offset and bytes of each row. One that runs over several lines is put together."""
        start, began, written = 0, 0, b""
        with self.path.open("rb") as file:
            for number, (offset, line) in enumerate(self._lines(file), start=1):
                text = line.lstrip()
                is_row = text.startswith(ROW_START)
                if written and (is_row or text.startswith(b"</")):
                    yield start, began, written
                    written = b""
                if is_row:
                    start, began, written = number, offset + len(line) - len(text), text
                elif written and len(written) < MAX_ROW_BYTES:
                    written += line
        if written:
            yield start, began, written

    def _lines(self, file: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
        offset = 0
        for line in file:
            yield offset, line
            offset += len(line)
            self.advance(len(line))


def parse(written: bytes) -> dict[str, str]:
    """The values of a row as it is written. Raises `BrokenRow`."""
    try:
        return dict(fromstring(written).attrib)  # noqa: S314  (a single element: it can define no entities)
    except ParseError:
        pass
    try:
        return dict(fromstring(FORBIDDEN_CHARACTER.sub(b"", written)).attrib)  # noqa: S314
    except ParseError as error:
        raise BrokenRow(_("The row is not well-formed XML (%(error)s).", error=error)) from None
