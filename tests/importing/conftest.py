"""Dumps for the tests: those of real sites, and small ones written by the test itself."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from madang.admin.operations.counters import differences
from madang.core.clock import now
from madang.core.db import Base, db
from madang.importing.operations.importing import import_stackexchange
from madang.importing.operations.session import Summary
from madang.posts.models import Post

TIME = "2020-02-01T10:00:00.000"


def row(**values: object) -> str:
    """A row as dumps write it."""
    return "  <row " + " ".join(f'{name}="{escape(str(value))}"' for name, value in values.items()) + " />"


def user(number: int, name: str = "Ann Lee", **values: object) -> str:
    return row(**{"Id": number, "DisplayName": name, "Reputation": 1, "CreationDate": TIME, **values})


def question(number: int, **values: object) -> str:
    usual = {"Title": f"How does {number} work?", "Body": "<p>I wonder how.</p>", "Tags": "<hops>", "Score": 0}
    return row(**{"Id": number, "PostTypeId": 1, "CreationDate": TIME, "LastActivityDate": TIME, **usual, **values})


def answer(number: int, parent: int, **values: object) -> str:
    usual = {"Body": "<p>It just does.</p>", "Score": 0}
    return row(**{"Id": number, "PostTypeId": 2, "ParentId": parent, "CreationDate": TIME, **usual, **values})


def change(number: int, post: int, kind: int, text: str, guid: str, **values: object) -> str:
    """A row of the history."""
    usual = {"PostId": post, "PostHistoryTypeId": kind, "RevisionGUID": guid, "CreationDate": TIME, "Text": text}
    return row(Id=number, **{**usual, **values})


@pytest.fixture
def dump(tmp_path: Path) -> Callable[..., Path]:
    """Writes a dump: `dump(Posts=[...rows...])`."""

    def write(**files: list[str]) -> Path:
        folder = tmp_path / "small.example"
        folder.mkdir(exist_ok=True)
        for name, rows in files.items():
            lines = ["\ufeff" + '<?xml version="1.0" encoding="utf-8"?>', f"<{name.lower()}>", *rows]
            (folder / f"{name}.xml").write_text("\n".join([*lines, f"</{name.lower()}>", ""]), "utf-8")
        return folder

    return write


class Importing:
    """Imports a folder, keeps what was reported, and reads what came of it."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.scratch = app, folder
        self.problems: list[str] = []

    def __call__(self, folder: Path, board: str = "qa") -> Summary:
        self.problems = []
        with self.app.app_context():
            return import_stackexchange(
                folder,
                board=board,
                scratch_folder=self.scratch,
                now=now(),
                report=lambda problem: self.problems.append(str(problem)),
            )

    def all(self, statement: Any) -> list[Any]:
        with self.app.app_context():
            return list(db.session.scalars(statement))

    def one(self, table: type[Base], **values: Any) -> Any:
        (found,) = self.all(select(table).filter_by(**values))
        return found

    def question(self, number: int) -> Post:
        """The question that was `question(number)` in the dump."""
        return self.one(Post, title=f"How does {number} work?")

    def count(self, table: type[Base]) -> int:
        return self.all(select(func.count()).select_from(table))[0]

    def wrong_counters(self) -> list[str]:
        with self.app.app_context():
            return [str(difference) for difference in differences()]


@pytest.fixture
def bring(app: Flask, tmp_path: Path) -> Importing:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return Importing(app, scratch)
