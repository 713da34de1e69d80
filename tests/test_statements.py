"""Statement coverage: which functions it finds in the source, which runs it records, and when it fails."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from madang.accounts.queries.taken_names import taken_keys
from madang.core import db
from tests import statements
from tests.conventions import ROOT, imported, short, tracked
from tests.statements import INCOMPLETE, StatementCoverage, sending_functions
from tests.timing import TIMEOUT_SECONDS

SOURCE = """
class Archive:
    def rows(self):
        return session.scalars(wanted)

def hold(post):
    def later():
        lock_row(post)
    return later

def at_the_end():
    before_commit(lambda: db.write(READY))

async def read():
    return [row for row in db.rows(READY)]

def nothing(file):
    file.write(text)
    return [rows(1) for lock in locks]

READ = connection.execute("SELECT 1")
"""
CONFTEST = """
import ast
from tests import statements

statements.sending_functions = lambda: {"madang.posts.operations:ask"}

def pytest_configure(config):
    config.pluginmanager.register(statements.StatementCoverage(["sqlite", "postgresql"]))
"""


def test_the_functions_that_send_statements_are_found_in_the_source():
    found = set(statements._sending(ast.parse(SOURCE)))
    assert found == {"Archive.rows", "hold.<locals>.later", "at_the_end.<locals>.<lambda>", "read"}


def test_the_functions_that_one_server_needs_exist():
    assert set(statements.ONLY_ON) <= {name.partition(":")[2] for name in sending_functions()}


def test_the_functions_that_write_for_others_are_those_of_the_database_package():
    assert set(db.__all__) >= statements.FUNCTIONS


def test_functions_of_the_package_are_found():
    found = sending_functions()
    assert f"{taken_keys.__module__}:{taken_keys.__qualname__}" in found
    assert len({name.partition(":")[0] for name in found}) > 50


def test_concurrent_tests_run_on_each_database():
    """Tests with concurrent requests depend on locks, which differ between databases."""
    paths = [path for path in tracked(".py") if path.name.startswith("test_") and "concurrent" in imported(path)]
    assert [short(path) for path in paths if "mark.each_database" not in path.read_text("utf-8")] == []


@pytest.fixture
def coverage(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """A coverage that treats this database as MariaDB."""
    with app.app_context():
        dialect = app.extensions["database"][0].dialect.name
    monkeypatch.setattr(statements, "NAMES", {dialect: "mariadb"})
    coverage = StatementCoverage(["sqlite", "mariadb"])
    yield coverage
    event.remove(Engine, "before_cursor_execute", coverage._record)


def test_a_function_counts_once_a_statement_of_it_has_run(app: Flask, coverage: StatementCoverage):
    name = f"{taken_keys.__module__}:{taken_keys.__qualname__}"
    assert coverage.missing_of({name}) == [
        f"{name} was not run on mariadb: mark a test file that runs it each_database"
    ]
    with app.app_context():
        taken_keys(["ann"])
    assert coverage.missing_of({name}) == []


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["-n", "0"], INCOMPLETE),
        (["-n", "2"], INCOMPLETE),
        (["-n", "0", "-k", "passes"], 0),
        (["-n", "0", "test_it.py"], 0),
    ],
)
def test_only_a_complete_run_fails_for_missing_functions(tmp_path: Path, arguments: list[str], status: int):
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = .\n")
    (tmp_path / "test_it.py").write_text("def test_that_passes(): pass")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "xdist.plugin", *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert ("madang.posts.operations:ask was not run on postgresql" in done.stdout) == bool(status)
    assert "1 passed" in done.stdout
