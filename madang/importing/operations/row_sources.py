"""Division of an XML file into the sources of its rows, in bounded memory, on however many lines they are."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from .encodings import chunks, decoded, encoding_of

MAX_ROW_BYTES = 4 * 1024**2
# A row ends where the next begins: an attribute holds no "<", and a broken row may have no end of its own.
ROW_OR_END = re.compile(rb"<row(?=[\s/>])|</(?!row\b)[A-Za-z]|<!--")
LONGEST_MARK = 6  # with what follows it
END_BYTES = 4_096
END_TAG = rb"(?:</[A-Za-z][\w.-]*\s*>|<(?!row\b)[A-Za-z][\w.-]*\s*/>)"
END_OF_ROOT = re.compile(END_TAG + rb"\s*(?:<!--.{0,1000}?-->\s*)?$", re.DOTALL)


class RowSource(NamedTuple):
    """The XML source of a row with its line and its offset in the file; `source` is empty if it is too long."""

    line: int
    offset: int
    source: bytes


def row_sources(pieces: Iterable[bytes]) -> Iterator[RowSource]:
    """The sources of the rows in a file that is read in `pieces`."""
    reader = RowReader()
    for piece in pieces:
        yield from reader.feed(piece)
    yield from reader.close()


class RowReader:
    """Finds rows in a stream; the buffer holds the row that has begun, or the end of what is no row."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.line, self.offset = 1, 0  # where the buffer begins
        self.row: RowSource | None = None  # where the row that has begun stands
        self.is_too_long = False
        self.searched = 0

    def feed(self, piece: bytes, *, is_last: bool = False) -> Iterator[RowSource]:
        self.buffer += piece
        while found := ROW_OR_END.search(self.buffer, self.searched):
            if found.start() > len(self.buffer) - LONGEST_MARK and not is_last:
                break
            mark, start = found[0], found.start()  # before the buffer changes, on which the match still looks
            yield from self.end_row(start)
            self.row = RowSource(self.line, self.offset, b"") if mark == b"<row" else None
            self.searched = len(mark)
        unsearched = max(0, len(self.buffer) - LONGEST_MARK)
        self.is_too_long = self.is_too_long or (self.row is not None and unsearched > MAX_ROW_BYTES)
        if self.row is None or self.is_too_long:
            self.drop(unsearched)
            self.searched = 0
        else:
            self.searched = max(self.searched, unsearched)

    def end_row(self, end: int) -> Iterator[RowSource]:
        """Yield the row that has begun, if one has, and drop the bytes before `end`."""
        if self.row is not None:
            source = b"" if self.is_too_long else bytes(self.buffer[:end]).rstrip()
            yield self.row._replace(source=source)
        self.row, self.is_too_long = None, False
        self.drop(end)

    def close(self) -> Iterator[RowSource]:
        yield from self.feed(b"", is_last=True)
        yield from self.end_row(len(self.buffer))

    def drop(self, count: int) -> None:
        self.line += self.buffer.count(b"\n", 0, count)
        self.offset += count
        del self.buffer[:count]


def has_rows(path: Path) -> bool:
    """Whether an XML file in any encoding has a row."""
    encoding = encoding_of(path)
    pieces = decoded(path, encoding) if encoding else chunks(path)
    return next(row_sources(pieces), None) is not None


def is_complete(path: Path) -> bool:
    """Whether a file in UTF-8 ends with the end of its root element."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - END_BYTES))
        return END_OF_ROOT.search(file.read()) is not None
