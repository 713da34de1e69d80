"""Which code belongs to a snapshot: the commit before the next migration, also where root owns the checkout."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from madang.backups.operations import code_versions
from madang.backups.operations.snapshots import Snapshot

TAKEN_AT = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
AUTHOR = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")


def git(folder: Path, *arguments: str) -> str:
    command = ["git", *AUTHOR, "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """Two migrations, each added by a commit."""
    migrations = tmp_path / "migrations"
    (migrations / "versions").mkdir(parents=True)
    git(tmp_path, "init", "--quiet")
    for revision, before in (("first", None), ("second", "first")):
        text = f"revision = {revision!r}\ndown_revision = {before!r}\n"
        (migrations / "versions" / f"{revision}.py").write_text(text, encoding="utf-8")
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "--quiet", "--message", f"Add the {revision} migration")
    monkeypatch.setattr(code_versions, "ROOT", tmp_path)
    monkeypatch.setattr(code_versions, "MIGRATIONS", migrations)
    return tmp_path


def snapshot(folder: Path, revision: str) -> Snapshot:
    return Snapshot(folder / "snapshot.db", revision, TAKEN_AT, before="2.0.0")


@pytest.mark.parametrize("owner", ["", "1"])
def test_the_code_before_the_next_migration_whoever_owns_the_checkout(checkout, monkeypatch, owner):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", owner or "0")  # git then takes the folder for another user's
    latest = git(checkout, "-c", f"safe.directory={checkout}", "log", "-1", "--format=%h")
    assert code_versions.command_for_code(snapshot(checkout, "first")) == f"git checkout {latest}~1"


def test_without_a_later_migration_or_a_checkout_it_is_a_package(checkout):
    assert code_versions.command_for_code(snapshot(checkout, "second")) == 'pip install "madang<2.0.0"'
