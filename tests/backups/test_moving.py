"""`madang move-database`: every direction between the databases, killed and resumed at several points."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import inspect

from madang import create_app
from madang.accounts.models import User
from madang.backups.operations import moving
from madang.core.db import db
from madang.core.db.upgrade import bring_up_to_date
from madang.core.queue import Job
from madang.posts.models import Post

from ..conventions import ROOT
from ..databases import DATABASES, create_database, drop_database
from ..timing import TIMEOUT_SECONDS
from .conftest import digests

DIRECTIONS = [*permutations(DATABASES, 2), *([("sqlite", "sqlite")] if len(DATABASES) == 1 else [])]
# Runs `madang` with small batches, and kills itself before the step of that number.
KILLED = """
import os, signal, sys
from madang import cli
from madang.backups.operations import moving

moving.BATCH_ROWS, steps, kill_at = 2, [0], int(sys.argv[1])

def killing(function):
    def step(*arguments, **options):
        steps[0] += 1
        if steps[0] == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return step

for name in ("insert_lines", "clear_tables", "drop_indexes", "update", "continue_sequences", "_digest"):
    setattr(moving, name, killing(getattr(moving, name)))
sys.argv = ["madang", *sys.argv[2:]]
cli.main()
"""


@contextmanager
def empty_database(kind: str, name: str, tmp_path: Path) -> Iterator[str]:
    """The address of a new database."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / name}.db"
        return
    url = create_database(kind, f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}")
    yield url
    drop_database(url)


@pytest.fixture(params=DIRECTIONS, ids="-".join)
def urls(request, tmp_path) -> Iterator[tuple[str, str]]:
    """The source, with a site in it, and an empty target."""
    source, target = request.param
    with empty_database(source, "source", tmp_path) as source_url, empty_database(target, "target", tmp_path) as url:
        yield source_url, url


@pytest.fixture(params=DATABASES)
def target(request, tmp_path) -> Iterator[str]:
    """An empty database to which the tests' own one is moved, in the same process."""
    with empty_database(request.param, "other", tmp_path) as url:
        yield url


def opened(url: str, tmp_path: Path):
    return create_app({"DATABASE_URL": url}, instance_path=tmp_path / "instance")


def write_site(url: str, tmp_path: Path) -> None:
    """A site with texts, times and values of every kind."""
    source, moment = opened(url, tmp_path), datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)
    texts = ["😀 조은 마당 \\ \x1f ' \" \u2028 %s :name", "long " * 20_000, "", "tab\tand\r\nlines\n", "NULL", "\\N"]
    with source.app_context():
        bring_up_to_date()
        db.session.add(User(id=7, username="ann", display_name="조은 🌳", username_key="ann", created_at=moment))
        db.session.flush()
        for number, body in enumerate(texts * 3):
            values = {"text": body[:50], "none": None, "yes": True, "list": [1, 2.5, {"나": "무"}]}
            db.session.add(Job(name="jobs.purge", arguments=values, run_at=moment, created_at=moment, attempts=number))
        db.session.add(
            Job(name="jobs.purge", arguments={}, result=None, run_at=moment, created_at=moment, error=texts[1])
        )
        db.session.commit()
        db.engine.dispose()


def move(url: str, target: str, tmp_path: Path, *options: str, kill_at: int = 0) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")}
    environ |= {"MADANG_DATABASE_URL": url, "MADANG_INSTANCE": str(tmp_path / "instance"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, str(kill_at), "move-database", target, *options]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)


def digests_of(url: str, tmp_path: Path) -> dict[str, str]:
    app = opened(url, tmp_path)
    found = digests(app)
    with app.app_context():
        assert not inspect(db.engine).has_table(moving.MOVE.name)
        db.engine.dispose()
    return found


def test_a_move_that_is_killed_goes_on_and_is_the_same_site(urls, tmp_path):
    source, target = urls
    write_site(source, tmp_path)
    for kill_at in (2, 9, 40):
        killed = move(source, target, tmp_path, *(["--resume"] if kill_at > 2 else []), kill_at=kill_at)
        assert killed.returncode == -9, killed.stdout + killed.stderr
    refused = move(source, target, tmp_path)
    assert refused.returncode == 1 and "--resume" in refused.stderr
    done = move(source, target, tmp_path, "--resume")
    assert done.returncode == 0, done.stderr
    assert f"MADANG_DATABASE_URL={target}" in done.stdout and "Every table is the same" in done.stdout
    assert digests_of(target, tmp_path) == digests_of(source, tmp_path)
    app = opened(target, tmp_path)
    with app.app_context():
        moment = datetime(2026, 3, 1, tzinfo=UTC)
        db.session.add(User(username="bob", display_name="bob", username_key="bob", created_at=moment))
        db.session.commit()
        assert db.session.query(User.id).where(User.username == "bob").scalar() > 7, "numbers go on"
        db.engine.dispose()
    again = move(source, target, tmp_path)
    assert again.returncode == 1 and "There is a site in that database" in again.stderr


def test_what_is_written_meanwhile_is_noticed_and_copied_again(
    app, target, madang, ann, content, tmp_path, monkeypatch
):
    compare = moving.differing_tables

    def write_first(*arguments):
        ann.ask("Written while it was moved?")
        return compare(*arguments)

    with monkeypatch.context() as writing:
        writing.setattr("madang.backups.commands.differing_tables", write_first)
        result = madang("move-database", target)
    assert "changed meanwhile" in str(result.exception) and "posts" in str(result.exception)
    result = madang("move-database", target, "--resume")
    assert result.exit_code == 0, result.exception
    assert digests_of(target, tmp_path)["posts"] == digests(app)["posts"]


def test_the_present_database_and_broken_addresses_are_refused(app, madang, content, tmp_path):
    assert "already" in str(madang("move-database", app.config["DATABASE_URL"]).exception)
    assert madang("move-database", "oracle://nowhere/").exit_code == 2


def test_foreign_keys_hold_afterwards(app, madang, content, tmp_path):
    url = f"sqlite:///{tmp_path / 'other.db'}"
    assert madang("move-database", url).exit_code == 0
    other = opened(url, tmp_path)
    with other.app_context():
        assert db.session.get(Post, content).title.startswith("마당")
        assert not db.session.execute(moving.text("PRAGMA foreign_key_check")).all()
        indexes = {
            index["name"]
            for table in inspect(db.engine).get_table_names()
            for index in inspect(db.engine).get_indexes(table)
        }
        db.engine.dispose()
    with app.app_context():
        kept = inspect(db.engine)
        assert indexes == {index["name"] for table in kept.get_table_names() for index in kept.get_indexes(table)}
