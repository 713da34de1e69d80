"""Migrations create the tables of the models on each database, in both directions; new files are named in order."""

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, migrate, revision, upgrade
from sqlalchemy import Connection, inspect, text

from madang import create_app
from madang.core import clock
from madang.core.db import Base, db
from madang.core.db.upgrade import MIGRATIONS, bring_up_to_date, is_up_to_date

from .conventions import ROOT
from .databases import DATABASES, create_database, drop_database

IGNORED = (
    "alembic_version",
    "search_index",
    "ft_",
)  # the models do not contain the search index


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, instance: Path):
    """An application with an empty database."""
    worker = f"mig_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"
    is_server = request.param != "sqlite"
    url = create_database(request.param, worker) if is_server else f"sqlite:///{instance / 'empty.db'}"
    app = create_app({"DATABASE_URL": url}, instance_path=instance)
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()
    if is_server:
        drop_database(url)


@pytest.fixture
def copied_migrations(tmp_path: Path) -> Path:
    """A folder to which a test may add migrations."""
    return Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations"))


def _tables() -> set[str]:
    return {name for name in inspect(db.engine).get_table_names() if not name.startswith(IGNORED)}


def _search_index() -> set[str]:
    """The names of the full-text indexes of the database."""
    inspector = inspect(db.engine)
    names = {index["name"] for index in inspector.get_indexes("search_documents")} | set(inspector.get_table_names())
    return {name for name in names if name and name.startswith(("search_index", "ft_"))}


def _up() -> None:
    upgrade(directory=str(MIGRATIONS))


def _drop_drafts() -> None:
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE drafts"))


def _is_compared(_object: object, name: str | None, _kind: str, _reflected: bool, _compare_to: object) -> bool:
    return not (name or "").startswith(IGNORED)


def _differences(connection: Connection) -> list:
    options = {"compare_type": True, "include_object": _is_compared}
    return compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)


def test_migrations_go_up_and_all_the_way_down_and_up_again(empty: Flask):
    _up()
    tables = _tables()
    assert tables == set(Base.metadata.tables)
    assert _search_index()
    downgrade(directory=str(MIGRATIONS), revision="base")
    assert _tables() == set()
    left = inspect(db.engine).get_table_names()
    assert set(left) <= {"alembic_version"}, "no table may remain"
    _up()
    assert _tables() == tables
    assert _search_index()


def test_each_migration_goes_down_one_step_and_up_again(empty: Flask):
    _up()
    steps = len(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))
    for _step in range(steps):
        downgrade(directory=str(MIGRATIONS), revision="-1")
    assert _tables() == set()
    for _step in range(steps):
        upgrade(directory=str(MIGRATIONS), revision="+1")
    assert _tables() == set(Base.metadata.tables)


def test_migrations_create_the_tables_of_the_models(empty: Flask):
    _up()
    with db.engine.connect() as connection:
        assert _differences(connection) == []


def test_a_missing_table_is_noticed(empty: Flask):
    _up()
    _drop_drafts()
    with db.engine.connect() as connection:
        assert _differences(connection)


def test_upgrading_a_current_database_changes_nothing(empty: Flask):
    _up()
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO site_settings (name, value) VALUES ('name', '마당')"))
    _up()
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT value FROM site_settings")) == "마당"


def test_there_is_one_line_of_migrations():
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_migrations_are_named_by_time_and_purpose_in_the_order_of_revisions():
    files = sorted(path.stem for path in (MIGRATIONS / "versions").glob("*.py"))
    revisions = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    assert files
    assert [name for name in files if not re.fullmatch(r"\d{8}_\d{4}(_[a-z][a-z0-9]*){2,}", name)] == []
    assert [name[:13] for name in files] == revisions[::-1]


def test_migrate_without_a_change_writes_nothing(
    empty: Flask, copied_migrations: Path, capsys: pytest.CaptureFixture[str]
):
    _up()
    before = sorted(copied_migrations.rglob("*.py"))
    migrate(directory=str(copied_migrations), message="Change nothing")
    assert sorted(copied_migrations.rglob("*.py")) == before
    assert "The tables are those of the models, so no migration was written." in capsys.readouterr().out
    check(directory=str(copied_migrations))


def test_migrate_writes_a_migration_for_the_change(empty: Flask, copied_migrations: Path):
    _up()
    _drop_drafts()
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with clock.at(datetime(2030, 5, 4, 3, 2, tzinfo=UTC)):
        migrate(directory=str(copied_migrations), message="Add drafts, again")
    written = copied_migrations / "versions" / "20300504_0302_add_drafts_again.py"
    source = written.read_text(encoding="utf-8")
    assert f'revision = "20300504_0302"\ndown_revision = "{newest}"\n' in source
    assert source.startswith('"""Add drafts, again.\n') and "###" not in source
    upgrade(directory=str(copied_migrations))
    with db.engine.connect() as connection:
        assert _differences(connection) == []


def test_a_written_migration_that_adds_a_table_goes_down_too(empty: Flask, copied_migrations: Path):
    _up()
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE poll_votes"))  # foreign keys need two of its indexes
    migrate(directory=str(copied_migrations), message="Add poll votes again")
    upgrade(directory=str(copied_migrations))
    downgrade(directory=str(copied_migrations), revision=newest)
    assert "poll_votes" not in _tables()


def test_migrate_with_a_change_requires_a_message(empty: Flask, copied_migrations: Path):
    _up()
    _drop_drafts()
    before = sorted(copied_migrations.rglob("*.py"))
    with pytest.raises(SystemExit):
        migrate(directory=str(copied_migrations))
    assert sorted(copied_migrations.rglob("*.py")) == before


def test_migrations_of_the_same_minute_are_named_in_order(empty: Flask, copied_migrations: Path):
    with clock.at(datetime(2030, 12, 31, 23, 59, tzinfo=UTC)):
        for message in ("Zip posts", "Add polls"):
            revision(directory=str(copied_migrations), message=message)
    names = sorted(path.stem for path in (copied_migrations / "versions").glob("203*.py"))
    assert names == ["20301231_2359_zip_posts", "20310101_0000_add_polls"]


def test_constraints_and_indexes_have_conventional_names(empty: Flask):
    _up()
    inspector = inspect(db.engine)
    for table in _tables():
        names = {
            "fk": [key["name"] for key in inspector.get_foreign_keys(table)],
            "uq": [key["name"] for key in inspector.get_unique_constraints(table)],
            "ck": [key["name"] for key in inspector.get_check_constraints(table)],
        }
        indexes = [index["name"] for index in inspector.get_indexes(table)]
        names["ix"] = [name for name in indexes if not (name or "").startswith(IGNORED)]
        for kind, found in names.items():
            for name in found:
                assert name, f"a constraint of {table} has no name: SQLite could never take it away"
                starts = (f"{kind}_{table}", f"uq_{table}", f"fk_{table}") if kind == "ix" else (f"{kind}_{table}",)
                assert name.startswith(starts) or _is_json_check(name, table), f"{table}: {name}"
                assert len(name) <= 63, f"PostgreSQL cuts {name}"


def _is_json_check(name: str, table: str) -> bool:
    """MariaDB checks JSON by a constraint that it names after the column."""
    return db.engine.dialect.name in ("mysql", "mariadb") and name in Base.metadata.tables[table].columns


def _is_up_to_date() -> bool:
    with db.engine.connect() as connection:
        return is_up_to_date(connection)


def test_a_start_upgrades_empty_and_older_databases(empty: Flask):
    assert not _is_up_to_date()
    bring_up_to_date()
    assert _is_up_to_date()
    downgrade(directory=str(MIGRATIONS), revision="-1")
    assert not _is_up_to_date()
    bring_up_to_date()
    assert _is_up_to_date()
    assert _tables() == set(Base.metadata.tables)


def test_the_commands_of_flask_migrate_are_available(instance: Path):
    """Through both commands that start an application, each in a process that must import every model itself."""

    def run(*start: str) -> str:
        environ = os.environ | {"MADANG_CONFIG": "testing", "MADANG_INSTANCE": str(instance)}
        words = [sys.executable, "-m", *start]
        done = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("madang.cli", "db", "upgrade")
    assert "No new upgrade operations detected." in run("madang.cli", "db", "check")
    assert "(head)" in run("flask", "--app", "madang", "db", "current")
