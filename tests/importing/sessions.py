"""Rows and import sessions for tests that need neither an application nor a database."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from madang.importing.operations.rows import DumpFile, Problem, Row
from madang.importing.operations.session import ImportSession
from madang.importing.operations.source import ImportSource
from madang.importing.operations.staging import Staging
from tests.importing.conftest import TIME

MOMENT = datetime.fromisoformat(TIME).replace(tzinfo=UTC)


def dump_row(**values: object) -> Row:
    """A parsed row with these attributes."""
    return Row("Posts.xml", 3, 0, 0, {name: str(value) for name, value in values.items()})


def write_file(path: Path, *rows: str) -> Path:
    """Write a file of a dump with these rows."""
    path.write_text("\n".join(['<?xml version="1.0" encoding="utf-8"?>', "<tags>", *rows, "</tags>", ""]), "utf-8")
    return path


class ReadFile:
    """A file of a dump, the problems that it reported and the number of bytes read."""

    def __init__(self, path: Path) -> None:
        self.problems: list[str] = []
        self.bytes_read = 0
        self.file = DumpFile(path, advance=self._advance, report=lambda problem: self.problems.append(str(problem)))

    def _advance(self, count: int) -> None:
        self.bytes_read += count


class KnownSource(ImportSource):
    """A source with imported users: `people` maps their external ids to local ids."""

    def __init__(self, people: dict[str, int]) -> None:
        super().__init__("small.example")
        self.people = people

    def local_ids(self, kind: str, external_ids: Iterable[str | None]) -> dict[str, int]:
        assert kind == "user"
        return {number: self.people[number] for number in external_ids if number in self.people}


def import_session(
    folder: Path, staging: Staging, *, people: dict[str, int] | None = None
) -> tuple[ImportSession, list[str]]:
    """A session that imports `folder`, and the list to which it adds the problems."""
    problems: list[str] = []

    def report(problem: Problem) -> None:
        problems.append(str(problem))

    source = KnownSource(people or {})
    run = ImportSession(
        folder, staging, source=source, board_id=1, now=MOMENT, advance=lambda _count: None, report=report
    )
    return run, problems
