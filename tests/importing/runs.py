"""Rows and runs of an import for tests that need neither an application nor a database."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from madang.importing.operations.rows import DumpFile, Problem, Row
from madang.importing.operations.session import ImportSession
from madang.importing.operations.source import ImportSource
from madang.importing.operations.staging import Staging

from .conftest import TIME

MOMENT = datetime.fromisoformat(TIME).replace(tzinfo=UTC)


def dump_row(**values: object) -> Row:
    """A row with these values, as `DumpFile` reads it."""
    return Row("Posts.xml", 3, 0, 0, {name: str(value) for name, value in values.items()})


def write_file(path: Path, *rows: str) -> Path:
    """A file of a dump that holds these rows."""
    path.write_text("\n".join(['<?xml version="1.0" encoding="utf-8"?>', "<tags>", *rows, "</tags>", ""]), "utf-8")
    return path


class ReadFile:
    """A file of a dump with what it reported while it was read."""

    def __init__(self, path: Path) -> None:
        self.problems: list[str] = []
        self.bytes_read = 0
        self.file = DumpFile(path, advance=self._advance, report=lambda problem: self.problems.append(str(problem)))

    def _advance(self, count: int) -> None:
        self.bytes_read += count


class KnownSource(ImportSource):
    """A site elsewhere of which these people are here: their number there, and here."""

    def __init__(self, people: dict[str, int]) -> None:
        super().__init__("small.example")
        self.people = people

    def local_ids(self, kind: str, external_ids: Iterable[str | None]) -> dict[str, int]:
        assert kind == "user"
        return {number: self.people[number] for number in external_ids if number in self.people}


def run_of(folder: Path, scratch: Staging, *, people: dict[str, int] | None = None) -> tuple[ImportSession, list[str]]:
    """A run that reads `folder`, and the list of what it will report."""
    problems: list[str] = []

    def report(problem: Problem) -> None:
        problems.append(str(problem))

    source = KnownSource(people or {})
    run = ImportSession(
        folder, scratch, source=source, board_id=1, now=MOMENT, advance=lambda _count: None, report=report
    )
    return run, problems
