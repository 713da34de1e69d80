"""State of one run of an import: the dump, the target board, the staging database and the summary."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from madang.boards.queries import uses_math
from madang.core.db import transaction
from madang.core.i18n import _

from .encodings import convert, encoding_of
from .row_sources import is_complete
from .rows import Advance, BrokenRow, DumpFile, Problem, Report, Row
from .site_links import QuestionLinks, site_hosts
from .source import ImportSource
from .staging import Staging

Value = TypeVar("Value")


@dataclass
class Summary:
    """How many rows of each kind are new, were imported before, or were skipped on purpose; how many are broken.

    `begins_math` says that the board uses mathematics from this run on.
    """

    new: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    begins_math: bool = False

    @property
    def has_posts(self) -> bool:
        """Whether the run read any post, also one that has no place here."""
        kinds = ("question", "answer", "tag_text", "post")
        return any(counts[kind] for counts in (self.new, self.known, self.skipped) for kind in kinds)


class ImportSession:
    """What every part of an import shares."""

    def __init__(
        self,
        folder: Path,
        staging: Staging,
        *,
        source: ImportSource,
        board_id: int,
        now: datetime,
        advance: Advance,
        report: Report,
    ) -> None:
        self.folder, self.staging, self.source = folder, staging, source
        self.board_id, self.now = board_id, now
        self.advance = advance
        self._report = report
        self.summary = Summary()
        self.questions = QuestionLinks(site_hosts(folder.resolve().name))
        self._uses_math: dict[int, bool] = {}
        self._paths: dict[str, Path | None] = {}

    def file(self, name: str) -> DumpFile | None:
        """The file of this name in the dump, None if there is none.

        A file in another encoding is converted in the staging folder. One that has no end is reported.
        """
        if name not in self._paths:
            path = find_file(self.folder, name)
            self._paths[name] = path and self._in_utf8(path)
        found = self._paths[name]
        return DumpFile(found, advance=self.advance, report=self.report) if found else None

    def _in_utf8(self, path: Path) -> Path:
        if encoding := encoding_of(path):
            copy = self.staging.folder / path.name
            convert(path, encoding, copy)
            path = copy
        if not is_complete(path):
            self.report(Problem(path.name, 0, _("The file ends too early. It may be incomplete.")))
        return path

    def uses_math(self, board_id: int) -> bool:
        """Whether a board uses mathematics; as when its first text was imported in this run."""
        if board_id not in self._uses_math:
            self._uses_math[board_id] = uses_math(board_id)
        return self._uses_math[board_id]

    def report(self, problem: Problem) -> None:
        self.summary.broken += 1
        self._report(problem)

    def write_new(
        self,
        kind: str,
        rows: Iterable[Row],
        write: Callable[[list[Row]], object],
        *,
        counted_as: str = "",
        mend: Callable[[dict[int, Row]], object] = lambda _rows: None,
    ) -> None:
        """Call `write` with those of `rows` that were not imported before, in one transaction.

        Before it, `mend` is called with the others by their local ids.

        `write` also writes what belongs to the rows, so that a stopped import can resume. `counted_as` is the kind in
        the summary if it differs from `kind`.
        """
        by_id: dict[str, Row] = {}
        for row, external_id in self.convert_rows(rows, lambda row: row.id):
            by_id.setdefault(external_id, row)
        with transaction():
            known = self.source.local_ids(kind, by_id)
            self.summary.known[counted_as or kind] += len(known)
            if known:
                mend({local_id: by_id[external_id] for external_id, local_id in known.items()})
            if new := [row for external_id, row in by_id.items() if external_id not in known]:
                write(new)

    def convert_rows(self, rows: Iterable[Row], convert: Callable[[Row], Value]) -> Iterator[tuple[Row, Value]]:
        """Each row with what `convert` returns for it; reports and skips rows for which it raises `BrokenRow`."""
        for row in rows:
            try:
                yield row, convert(row)
            except BrokenRow as error:
                self.report(Problem(row.file, row.line, str(error)))


def find_file(folder: Path, name: str) -> Path | None:
    """The file `name` in `folder`, ignoring case; None if there is none."""
    return next((path for path in folder.iterdir() if path.name.lower() == name.lower() and path.is_file()), None)
