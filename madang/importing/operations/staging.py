"""What one file of a dump says about the rows of another, kept on the disk for the time of one import.

Votes and history come in an order of their own. Held in memory they would grow with the site; here they do not.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -32768;
    CREATE TABLE tallies (post_id INTEGER PRIMARY KEY, up INTEGER NOT NULL, down INTEGER NOT NULL);
    CREATE TABLE history (post_id INTEGER NOT NULL, place INTEGER NOT NULL, length INTEGER NOT NULL);
    CREATE TABLE accepted (answer_id INTEGER PRIMARY KEY, question_id INTEGER NOT NULL);
    CREATE TABLE tag_texts (post_id INTEGER PRIMARY KEY, tag_id INTEGER NOT NULL);
"""
ADD_TALLIES = """
    INSERT INTO tallies VALUES (?, ?, ?)
    ON CONFLICT (post_id) DO UPDATE SET up = up + excluded.up, down = down + excluded.down
"""


class Staging:
    """A database in a file that is thrown away. All ids are those of the dump."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.executescript(TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def add_tallies(self, tallies: dict[int, list[int]]) -> None:
        """Add up and down votes: post -> [up, down]."""
        self._write(ADD_TALLIES, [(post_id, up, down) for post_id, (up, down) in tallies.items()])

    def tallies(self, post_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
        found = self._of("SELECT post_id, up, down FROM tallies WHERE post_id", post_ids)
        return {str(post_id): (up, down) for post_id, up, down in found}

    def add_history(self, places: list[tuple[int, int, int]]) -> None:
        """Remember where rows of the history stand: post, offset, length."""
        self._write("INSERT INTO history VALUES (?, ?, ?)", places)

    def index_history(self) -> None:
        """Once all is added: sorted in one go, which is far quicker than in between."""
        self.connection.execute("CREATE INDEX history_of ON history (post_id, place)")

    def history(self, post_ids: Iterable[str]) -> list[tuple[int, int]]:
        """Where the history of these posts stands (offset, length), in the order of the file."""
        found = self._of("SELECT place, length FROM history WHERE post_id", post_ids)
        return sorted(found)

    def add_accepted(self, marks: list[tuple[int, int]]) -> None:
        """Remember which answer (first) its question (second) accepted."""
        self._write("INSERT OR IGNORE INTO accepted VALUES (?, ?)", marks)

    def accepted(self, answer_ids: Iterable[str]) -> dict[str, str]:
        """Answer -> the question that accepted it."""
        found = self._of("SELECT answer_id, question_id FROM accepted WHERE answer_id", answer_ids)
        return {str(answer_id): str(question_id) for answer_id, question_id in found}

    def add_tag_texts(self, texts: list[tuple[int, int]]) -> None:
        """Remember which post (first) describes which tag (second, the tag's id here)."""
        self._write("INSERT OR IGNORE INTO tag_texts VALUES (?, ?)", texts)

    def tag_texts(self, post_ids: Iterable[str]) -> dict[str, int]:
        return {str(post_id): tag_id for post_id, tag_id in self._of("SELECT * FROM tag_texts WHERE post_id", post_ids)}

    def _write(self, statement: str, rows: Sequence[tuple[int, ...]]) -> None:
        self.connection.execute("BEGIN")
        self.connection.executemany(statement, rows)
        self.connection.execute("COMMIT")

    def _of(self, select: str, ids: Iterable[str]) -> Iterator[Any]:
        wanted = [int(each) for each in ids]
        return iter(self.connection.execute(f"{select} IN ({','.join('?' * len(wanted))})", wanted))
