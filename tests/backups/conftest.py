"""A site with content, the command line, and what the tests of backups compare."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from PIL import Image

from madang import cli, create_app
from madang.backups.operations import making
from madang.backups.operations.rows import site_tables, table_lines
from madang.core.db import db
from madang.core.db.upgrade import bring_up_to_date
from madang.core.i18n import set_locale

from ..people import Person

Command = Callable[..., Result]
SECRET = "a message that only two people know"


@pytest.fixture
def madang(app: Flask) -> Iterator[Command]:
    """Runs `madang` with these arguments."""

    def run(*arguments: str | Path) -> Result:
        set_locale("en")  # the latest request may have been Korean
        return CliRunner().invoke(cli.cli, [str(each) for each in arguments], obj=ScriptInfo(create_app=lambda: app))

    yield run
    shutil.rmtree(Path(app.instance_path) / "backups", ignore_errors=True)


@pytest.fixture
def content(ann: Person, bob: Person, cho: Person) -> int:
    """A site with something in most of its tables; returns its question."""
    picture = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
    picture.seek(0)
    question = ann.ask("마당의 나무를 어떻게 옮기나요? 🌳", tags="나무 yard")
    answer = bob.answer(question, "Dig deep, \x1f“quote”, \\backslash\\, and\u2028wait.")
    ann.post(f"/posts/{answer}/accept", value="1")
    cho.comment(question, "저도 궁금해요")
    cho.post(f"/posts/{question}/votes", value="1")
    ann.post("/files", file=(picture, "tree.png"))
    ann.post("/messages/new", to="bob", body=SECRET)
    bob.post("/todos", title="Buy a spade", due_date="2030-02-03", due_time="09:30")
    cho.post(f"/posts/{answer}/flags", reason="attention", note="Is that safe?")
    return question


def digests(app: Flask) -> dict[str, str]:
    """The SHA-256 of each table's lines."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: hashlib.sha256(b"".join(table_lines(connection, table))).hexdigest() for table in site_tables()
        }


def without_settings(tables: dict[str, str]) -> dict[str, str]:
    """The settings say when the latest backup was made, which a backup cannot know of itself."""
    return {name: sha256 for name, sha256 in tables.items() if name != "site_settings"}


def files_of(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(making._file_names())


@pytest.fixture
def scratch(instance: Path) -> Iterator[Flask]:
    """Another site, new and empty, on SQLite."""
    other = create_app({"DATABASE_URL": f"sqlite:///{instance / 'other.db'}"}, instance_path=instance)
    with other.app_context():
        bring_up_to_date()
    yield other
    with other.app_context():
        db.engine.dispose()
