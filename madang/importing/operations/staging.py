"""Staging database on disk for what one file of a dump says about the rows of another.

Votes and history are not in the order of the posts; in memory they would grow with the site.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

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
    """A temporary SQLite database for one import. Ids are those of the dump unless stated otherwise."""

    def __init__(self, path: Path) -> None:
        self.folder = path.parent
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.executescript(TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def add_tallies(self, tallies: dict[int, list[int]]) -> None:
        """Add the [up, down] votes of each post to those stored."""
        self._write(ADD_TALLIES, [(post_id, up, down) for post_id, (up, down) in tallies.items()])

    def tallies(self, post_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
        """The (up, down) votes of these posts."""
        rows = self._select("SELECT post_id, up, down FROM tallies WHERE post_id", post_ids)
        return {str(post_id): (up, down) for post_id, up, down in rows}

    def add_history(self, positions: list[tuple[int, int, int]]) -> None:
        """Store the positions of history rows: (post, offset, length)."""
        self._write("INSERT INTO history VALUES (?, ?, ?)", positions)

    def index_history(self) -> None:
        """Create the index of the history after all rows are added, which is faster than updating it with each."""
        self.connection.execute("CREATE INDEX history_of ON history (post_id, place)")

    def history(self, post_ids: Iterable[str]) -> list[tuple[int, int]]:
        """The positions (offset, length) of the history rows of these posts, in the order of the file."""
        rows = self._select("SELECT place, length FROM history WHERE post_id", post_ids)
        return sorted((offset, length) for offset, length in rows)

    def add_accepted(self, marks: list[tuple[int, int]]) -> None:
        """Store the (answer, question) pairs of accepted answers."""
        self._write("INSERT OR IGNORE INTO accepted VALUES (?, ?)", marks)

    def accepted(self, answer_ids: Iterable[str]) -> dict[str, str]:
        """The question that accepted each of these answers."""
        rows = self._select("SELECT answer_id, question_id FROM accepted WHERE answer_id", answer_ids)
        return {str(answer_id): str(question_id) for answer_id, question_id in rows}

    def add_tag_texts(self, texts: list[tuple[int, int]]) -> None:
        """Store which post describes which tag: (post, local tag id)."""
        self._write("INSERT OR IGNORE INTO tag_texts VALUES (?, ?)", texts)

    def tag_texts(self, post_ids: Iterable[str]) -> dict[str, int]:
        """The local id of the tag that each of these posts describes."""
        rows = self._select("SELECT post_id, tag_id FROM tag_texts WHERE post_id", post_ids)
        return {str(post_id): tag_id for post_id, tag_id in rows}

    def _write(self, statement: str, rows: Sequence[tuple[int, ...]]) -> None:
        self.connection.execute("BEGIN")
        self.connection.executemany(statement, rows)
        self.connection.execute("COMMIT")

    def _select(self, select: str, ids: Iterable[str]) -> Iterator[tuple[int, ...]]:
        numbers = [int(each) for each in ids]
        return iter(self.connection.execute(f"{select} IN ({','.join('?' * len(numbers))})", numbers))
