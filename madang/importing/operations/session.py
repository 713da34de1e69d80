"""One run of an import: what it reads, where it writes, and what came of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from madang.core.db import transaction

from .rows import Advance, BrokenRow, DumpFile, Problem, Report, Row
from .source import ImportSource
from .staging import Staging

Value = TypeVar("Value")


@dataclass
class Summary:
    """How many rows of each kind are new, were here before, were left out on purpose, or are broken."""

    new: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    broken: int = 0


class ImportSession:
    """What every part of an import needs."""

    def __init__(
        self,
        folder: Path,
        scratch: Staging,
        *,
        source: ImportSource,
        board_id: int,
        now: datetime,
        advance: Advance,
        report: Report,
    ) -> None:
        self.folder, self.scratch, self.source = folder, scratch, source
        self.board_id, self.now = board_id, now
        self.advance = advance
        self._report = report
        self.summary = Summary()

    def file(self, name: str) -> DumpFile | None:
        """A file of the dump, None where the dump has none of this name."""
        path = find_file(self.folder, name)
        return DumpFile(path, advance=self.advance, report=self.report) if path else None

    def report(self, problem: Problem) -> None:
        self.summary.broken += 1
        self._report(problem)

    def write_new(
        self, kind: str, rows: Iterable[Row], write: Callable[[list[Row]], object], *, counted_as: str = ""
    ) -> None:
        """Let `write` write those of `rows` that are not here yet, and all that belongs to them: in one transaction, so
        that an import which is stopped can go on where it was.
        """
        by_id: dict[str, Row] = {}
        for row, external_id in self.sound(rows, lambda row: row.id):
            by_id.setdefault(external_id, row)
        with transaction():
            known = self.source.local_ids(kind, by_id)
            self.summary.known[counted_as or kind] += len(known)
            if new := [row for external_id, row in by_id.items() if external_id not in known]:
                write(new)

    def sound(self, rows: Iterable[Row], convert: Callable[[Row], Value]) -> Iterator[tuple[Row, Value]]:
        """The rows that `convert` can make something of, with what it made; the others are reported."""
        for row in rows:
            try:
                yield row, convert(row)
            except BrokenRow as error:
                self.report(Problem(row.file, row.line, str(error)))


def find_file(folder: Path, name: str) -> Path | None:
    """`Posts.xml`, however its letters are written."""
    return next((path for path in folder.iterdir() if path.name.lower() == name.lower() and path.is_file()), None)
