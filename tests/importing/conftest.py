"""Builders of small dumps, and a runner for imports."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import Select, func, select

from madang.admin.operations.counters import differences
from madang.core.clock import now
from madang.core.db import Base, db
from madang.importing.operations.session import Summary
from madang.importing.operations.stackexchange import import_stackexchange
from madang.posts.models import Post

TIME = "2020-02-01T10:00:00.000"
Value = TypeVar("Value")
Model = TypeVar("Model", bound=Base)


def row(**values: object) -> str:
    """The XML source of a row."""
    return "  <row " + " ".join(f'{name}="{escape(str(value))}"' for name, value in values.items()) + " />"


def user(number: int, name: str = "Ann Lee", **values: object) -> str:
    return row(**{"Id": number, "DisplayName": name, "Reputation": 1, "CreationDate": TIME, **values})


def question(number: int, **values: object) -> str:
    defaults = {"Title": f"How does {number} work?", "Body": "<p>I wonder how.</p>", "Tags": "<hops>", "Score": 0}
    return row(**{"Id": number, "PostTypeId": 1, "CreationDate": TIME, "LastActivityDate": TIME, **defaults, **values})


def answer(number: int, parent: int, **values: object) -> str:
    defaults = {"Body": "<p>It just does.</p>", "Score": 0}
    return row(**{"Id": number, "PostTypeId": 2, "ParentId": parent, "CreationDate": TIME, **defaults, **values})


def change(number: int, post: int, kind: int, text: str, guid: str, **values: object) -> str:
    """A row of PostHistory.xml."""
    defaults = {"PostId": post, "PostHistoryTypeId": kind, "RevisionGUID": guid, "CreationDate": TIME, "Text": text}
    return row(Id=number, **{**defaults, **values})


@pytest.fixture
def dump(tmp_path: Path) -> Callable[..., Path]:
    """Writes a dump and returns its folder: `dump(Posts=[...rows...])`."""

    def write(**files: list[str]) -> Path:
        folder = tmp_path / "small.example"
        folder.mkdir(exist_ok=True)
        for name, rows in files.items():
            lines = ["\ufeff" + '<?xml version="1.0" encoding="utf-8"?>', f"<{name.lower()}>", *rows]
            (folder / f"{name}.xml").write_text("\n".join([*lines, f"</{name.lower()}>", ""]), "utf-8")
        return folder

    return write


class ImportRunner:
    """Imports a folder, records the reported problems, and reads the imported rows."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.scratch_folder = app, folder
        self.problems: list[str] = []

    def __call__(self, folder: Path, board: str = "qa") -> Summary:
        self.problems = []
        with self.app.app_context():
            return import_stackexchange(
                folder,
                board=board,
                scratch_folder=self.scratch_folder,
                now=now(),
                report=lambda problem: self.problems.append(str(problem)),
            )

    def all(self, statement: Select[tuple[Value]]) -> list[Value]:
        with self.app.app_context():
            return list(db.session.scalars(statement))

    def one(self, model: type[Model], **values: object) -> Model:
        (row,) = self.all(select(model).filter_by(**values))
        return row

    def question(self, number: int) -> Post:
        """The imported row of `question(number)`."""
        return self.one(Post, title=f"How does {number} work?")

    def count(self, table: type[Base]) -> int:
        return self.all(select(func.count()).select_from(table))[0]

    def wrong_counters(self) -> list[str]:
        with self.app.app_context():
            return [str(difference) for difference in differences()]


@pytest.fixture
def importer(app: Flask, tmp_path: Path) -> ImportRunner:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return ImportRunner(app, scratch)
