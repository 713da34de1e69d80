"""Upgrades: a snapshot first, killed at several points, rolled back; old code on a newer database."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from madang.backups.operations.snapshots import take_snapshot
from madang.core.clock import now
from madang.core.db.engines import engine_of
from madang.core.db.upgrade import MIGRATIONS, heads

from ..conventions import ROOT
from ..databases import DATABASES, create_database, drop_database
from ..timing import TIMEOUT_SECONDS
from .conftest import digests
from .test_moving import opened, write_site

# Runs `madang` with other migrations: those of a newer version.
NEWER = """
import os, signal, sys
from pathlib import Path
from madang.core.db import upgrade
upgrade.MIGRATIONS = Path(sys.argv[1])
from madang import cli
from madang.backups.operations import snapshots

def killing(function):
    def step(*arguments):
        if os.environ.get("KILL_AT") == function.__name__:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments)
    return step

for name in ("insert_lines", "_copy", "upgrade_to", "continue_sequences", "_write_archive"):
    setattr(snapshots, name, killing(getattr(snapshots, name)))
sys.argv = ["madang", *sys.argv[2:]]
cli.main()
"""
MIGRATION = """
import os, signal
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{revision}", "{before}"

def kill_at(point):
    if os.environ.get("KILL_AT") == "{name}" + str(point):
        os.kill(os.getpid(), signal.SIGKILL)

def upgrade():
    kill_at(0)
    op.add_column("users", sa.Column("{name}", sa.String(20)))
    kill_at(1)
    op.create_table("{name}_table", sa.Column("id", sa.Integer, primary_key=True))
    kill_at(2)
    op.execute(sa.text("UPDATE users SET display_name = 'changed by {name}'"))
    kill_at(3)

def downgrade():
    op.drop_table("{name}_table")
    op.drop_column("users", "{name}")
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def newer(tmp_path) -> Path:
    """The migrations of a newer version: two more."""
    folder, (head,) = tmp_path / "migrations", heads()
    shutil.copytree(MIGRATIONS, folder)
    for revision, before, name in (("20991231_0001", head, "one"), ("20991231_0002", "20991231_0001", "two")):
        content = MIGRATION.format(revision=revision, before=before, name=name)
        (folder / "versions" / f"{revision}_{name}.py").write_text(content)
    return folder


@pytest.fixture(params=DATABASES)
def url(request, tmp_path) -> Iterator[str]:
    """A database with a site of this version."""
    worker = f"upgrade_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"
    is_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'site.db'}" if is_file else create_database(request.param, worker)
    write_site(url, tmp_path)
    yield url
    if not is_file:
        drop_database(url)


@pytest.fixture
def run(url, newer, tmp_path) -> Run:
    """Runs `madang` as the newer version, or as this one with `is_old`; kills itself at a point of `kill_at`."""

    def run(*arguments: str, is_old: bool = False, kill_at: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")}
        environ |= {"MADANG_DATABASE_URL": url, "MADANG_INSTANCE": str(tmp_path / "instance"), "PYTHONPATH": str(ROOT)}
        environ |= {"KILL_AT": kill_at, **more}
        command = [sys.executable, "-c", NEWER, str(MIGRATIONS if is_old else newer), *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, input=""
        )

    return run


def rows(url: str, tmp_path: Path) -> dict[str, str]:
    app = opened(url, tmp_path)
    found = digests(app)
    engine_of(app).dispose()
    return found


def snapshots(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "instance" / "snapshots").iterdir())


def revision(run: Run) -> str:
    return run("db", "current").stdout


def test_an_upgrade_is_rolled_back(url, run, tmp_path):
    before, (head,) = rows(url, tmp_path), heads()
    done = run("upgrade")
    assert done.returncode == 0, done.stderr
    assert "20991231_0002" in revision(run) and rows(url, tmp_path)["users"] != before["users"]
    (name,) = snapshots(tmp_path)
    assert name.startswith(f"{head}-20") and "madang rollback" in done.stderr
    assert name in run("rollback", "--list").stdout
    asked = run("rollback")
    assert asked.returncode == 1 and "will be lost" in asked.stdout and "20991231_0002" in revision(run)
    back = run("rollback", "--yes")
    assert back.returncode == 0, back.stderr
    assert "git checkout" in back.stdout or "pip install" in back.stdout
    assert head in revision(run) and rows(url, tmp_path) == before
    assert len(list((tmp_path / "instance" / "backups").glob("before-rollback-*"))) == 1
    assert run("upgrade").returncode == 0, "and it can be upgraded again"


@pytest.mark.parametrize("point", ["one0", "one1", "one3", "two2"])
def test_an_upgrade_that_is_killed(url, run, tmp_path, point):
    """SQLite and PostgreSQL go on; MariaDB, which cannot undo half a migration, asks for a rollback first."""
    before = rows(url, tmp_path)
    killed = run("upgrade", kill_at=point)
    assert killed.returncode == -9, killed.stderr
    again = run("upgrade")
    if "mysql" in url:
        assert again.returncode == 1 and "Run “madang rollback”" in again.stderr + again.stdout
        assert "Traceback" not in again.stderr
        back = run("rollback", "--yes")
        assert back.returncode == 0, back.stderr
        assert rows(url, tmp_path) == before
        again = run("upgrade")
    else:
        assert "it goes on" in again.stderr
    assert again.returncode == 0, again.stderr
    assert "20991231_0002" in revision(run)
    assert not {name for name in snapshots(tmp_path) if name.endswith("begun")}
    assert run("rollback", "--yes").returncode == 0
    assert rows(url, tmp_path) == before, "the snapshot is of the data before, also after a stop"


@pytest.mark.parametrize("point", ["insert_lines", "upgrade_to", "continue_sequences", "_copy"])
def test_a_rollback_that_is_killed_is_repeated(url, run, tmp_path, point):
    if ("sqlite" in url) != (point == "_copy"):
        pytest.skip("a step of another kind of database")
    before = rows(url, tmp_path)
    assert run("upgrade").returncode == 0
    if point == "_copy":  # the copy of the present database would be the first
        (tmp_path / "instance" / "snapshots" / "rollback-begun").write_text("")
    assert run("rollback", "--yes", kill_at=point).returncode == -9
    refused = run("upgrade", is_old=point == "_copy")
    if point != "_copy":
        assert refused.returncode == 1 and "Run “madang rollback” again" in refused.stderr + refused.stdout
    done = run("rollback", "--yes")
    assert done.returncode == 0, done.stderr
    assert rows(url, tmp_path) == before


def test_nothing_is_upgraded_where_the_snapshot_fails(url, run, tmp_path):
    """Killed while the snapshot is written, the database is as before."""
    before, (head,) = rows(url, tmp_path), heads()
    assert run("upgrade", kill_at="_copy" if "sqlite" in url else "_write_archive").returncode == -9
    assert head in revision(run) and rows(url, tmp_path) == before
    assert run("upgrade").returncode == 0
    assert run("rollback", "--yes").returncode == 0 and rows(url, tmp_path) == before


def test_old_code_says_that_the_database_is_newer(url, run, tmp_path):
    assert run("upgrade").returncode == 0
    for command in (["upgrade"], ["serve", "--port", "0"], ["worker"], ["db", "upgrade"]):
        refused = run(*command, is_old=True)
        said = refused.stderr + refused.stdout
        assert refused.returncode == 1 and "newer version of Madang (20991231_0002)" in said, command
        assert "Traceback" not in said
    environ = {**os.environ, "MADANG_DATABASE_URL": url, "MADANG_INSTANCE": str(tmp_path / "instance")}
    command = [sys.executable, "-c", "import madang.asgi"]
    started = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
    assert started.returncode == 3 and "newer version of Madang" in started.stderr
    assert "Traceback" not in started.stderr


def test_a_downgrade_asks(url, run, tmp_path):
    assert run("upgrade").returncode == 0
    refused = run("db", "downgrade", "20991231_0001")
    assert refused.returncode == 1 and "-x yes" in refused.stderr + refused.stdout
    assert "20991231_0002" in revision(run)
    assert run("db", "downgrade", "-x", "yes", "20991231_0001").returncode == 0
    assert "20991231_0001" in revision(run)
    assert [name[:13] for name in snapshots(tmp_path)][-1] == "20991231_0002", "a snapshot was taken first"


def test_snapshots_can_be_switched_off(url, run, tmp_path):
    assert run("upgrade", MADANG_UPGRADE_SNAPSHOT="no").returncode == 0
    assert snapshots(tmp_path) == []
    refused = run("rollback", "--yes")
    assert refused.returncode == 1 and "There is no such snapshot" in refused.stderr


def test_the_last_three_are_kept(app):
    from datetime import timedelta

    with app.app_context():
        moment = now()
        taken = [take_snapshot(now=moment + timedelta(seconds=number)) for number in range(5)]
    assert [path.exists() for path in taken] == [False, False, True, True, True]
    shutil.rmtree(Path(app.instance_path) / "snapshots")
