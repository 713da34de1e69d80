"""`madang backup` and `madang restore` are killed (`kill -9`) at any moment: the database and the backups are whole."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from madang.core.db import db

from ..conventions import ROOT
from ..databases import DATABASES
from ..timing import TIMEOUT_SECONDS
from .conftest import digests
from .test_moving import empty_database, opened, write_site

pytestmark = pytest.mark.faults
KILLS = 4
RECORDS = ("site_settings",)  # when the last backup was made, also the one that a restore makes first
# Runs `madang`, says how many seconds it took after the imports, and kills itself after those of the first argument.
KILLED = """
import os, signal, sys, threading, time
from madang import cli
from madang.backups import commands

seconds, began = float(sys.argv[1]), time.monotonic()
if seconds:
    threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
sys.argv = ["madang", *sys.argv[2:]]
try:
    cli.main()
finally:
    print(f"took {time.monotonic() - began}", flush=True)
    os._exit(0)
"""


def madang(url: str, tmp_path: Path, *arguments: str, seconds: float = 0) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")}
    environ |= {"MADANG_DATABASE_URL": url, "MADANG_INSTANCE": str(tmp_path / "instance"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, str(seconds), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)


def seconds_of(done: subprocess.CompletedProcess[str]) -> float:
    assert "took " in done.stdout, done.stdout + done.stderr
    return float(done.stdout.rpartition("took ")[2])


def digests_of(url: str, tmp_path: Path) -> dict[str, str]:
    app = opened(url, tmp_path)
    found = digests(app)
    with app.app_context():
        db.engine.dispose()
    return {name: digest for name, digest in found.items() if name not in RECORDS}


@pytest.fixture
def chance() -> Random:
    return Random(1)


@pytest.fixture(params=DATABASES)
def url(request, tmp_path):
    with empty_database(request.param, "killed", tmp_path) as url:
        write_site(url, tmp_path)
        yield url


def test_a_backup_that_is_killed_leaves_earlier_ones_and_the_next_one_is_good(url, tmp_path, chance):
    folder = tmp_path / "backups"
    path = folder / "site.zip"
    folder.mkdir()
    whole = seconds_of(madang(url, tmp_path, "backup", str(path)))
    earlier, was_killed = path.read_bytes(), 0
    for _kill in range(KILLS):
        done = madang(url, tmp_path, "backup", str(path), seconds=chance.uniform(0.1, 0.9) * whole)
        was_killed += done.returncode == -9
        if done.returncode == -9:
            assert path.read_bytes() == earlier
        earlier = path.read_bytes()
        assert {each.suffix for each in folder.iterdir()} <= {".zip", ".part"}
    assert was_killed
    seconds_of(madang(url, tmp_path, "backup", str(path)))
    assert [each.name for each in folder.iterdir()] == ["site.zip"]
    verified = madang(url, tmp_path, "verify", str(path))
    assert "differ" not in verified.stdout, verified.stdout


def test_a_restore_that_is_killed_leaves_the_old_site_or_the_new_one(url, tmp_path, chance):
    path = tmp_path / "site.zip"
    seconds_of(madang(url, tmp_path, "backup", str(path)))
    new = digests_of(url, tmp_path)
    app = opened(url, tmp_path)
    with app.app_context():
        db.session.connection().exec_driver_sql("UPDATE users SET display_name = 'written after the backup'")
        db.session.commit()
        db.engine.dispose()
    old = digests_of(url, tmp_path)
    assert old != new
    whole, was_killed = seconds_of(madang(url, tmp_path, "restore", str(path))), 0  # refused: a site is there
    for _kill in range(KILLS):
        whole = max(whole, 0.5)
        done = madang(url, tmp_path, "restore", str(path), "--replace", seconds=chance.uniform(0.3, 1.5) * whole)
        was_killed += done.returncode == -9
        now = digests_of(url, tmp_path)
        assert now in (old, new), {name for name in now if now[name] not in (old[name], new[name])}
    assert was_killed
    seconds_of(madang(url, tmp_path, "restore", str(path), "--replace"))
    assert digests_of(url, tmp_path) == new
