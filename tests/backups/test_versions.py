"""Backups of other versions: an earlier one is upgraded, a newer one refused."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import update

from madang.backups.operations import archive as archives
from madang.backups.operations.archive import Archive, ArchiveWriter
from madang.backups.operations.restoring import restore_backup
from madang.core.db import db, transaction
from madang.core.queue import Job

from .conftest import digests, without_settings

pytestmark = pytest.mark.each_database


def rewritten(path: Path, target: Path, change: Callable[[archives.Manifest], None]) -> None:
    """Copy a backup with a changed manifest; a table that gets fewer columns loses their values."""
    with path.open("rb") as file, target.open("wb") as copy:
        archive, writer = Archive(file), ArchiveWriter(copy)
        manifest = archive.manifest
        columns = {part.name: [name for name, _kind in part.columns] for part in manifest.tables}
        lines = {part.name: list(archive.table_lines(part)) for part in manifest.tables}
        change(manifest)
        for part in manifest.tables:
            kept = [columns[part.name].index(name) for name, _kind in part.columns]
            rows = ([json.loads(line)[index] for index in kept] for line in lines[part.name])
            fewer = (json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows)
            part.rows, part.sha256 = writer.write_lines(f"tables/{part.name}.jsonl.zst", fewer)
        for name, content in archive.files():
            writer.write_file(name, BytesIO(content))
        writer.close(manifest)


LATER_TABLES = {
    "workers",
    "mail_outcomes",
    "tag_boards",
    "user_groups",
    "group_memberships",
    "membership_requests",
    "picture_uses",
    "setting_changes",
}
LATER_COLUMNS = {
    "attachments": {"is_sent"},
    "boards": {"readers", "reader_group_ids"},
    "flags": {"reply"},
    "jobs": {"request_id"},
    "post_tags": {"board_id"},
}


def test_a_backup_of_an_earlier_version_is_restored_and_upgraded(app, madang, scratch, content, tmp_path):
    def before_replies(manifest: archives.Manifest) -> None:
        manifest.revision = "20261130_1000"
        manifest.tables[:] = [part for part in manifest.tables if part.name not in LATER_TABLES]
        for part in manifest.tables:
            later = LATER_COLUMNS.get(part.name, set())
            part.columns = [column for column in part.columns if column[0] not in later]

    with app.app_context(), transaction():
        db.session.execute(update(Job).values(request_id=None))  # no earlier version has recorded it
    madang("backup", tmp_path / "site.zip")
    rewritten(tmp_path / "site.zip", tmp_path / "old.zip", before_replies)
    before = without_settings(digests(app))
    with scratch.app_context(), (tmp_path / "old.zip").open("rb") as file:
        restore_backup(Archive(file), advance=lambda _count: None)
    assert without_settings(digests(scratch)) == before
    assert madang("verify", tmp_path / "old.zip").exit_code == 0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("revision", "20991231_0000", "which is newer"),
        ("format", 2, "cannot read"),
    ],
)
def test_a_backup_of_a_newer_version_is_refused(app, madang, content, tmp_path, field, value, sentence):
    madang("backup", tmp_path / "site.zip")
    rewritten(tmp_path / "site.zip", tmp_path / "new.zip", lambda manifest: setattr(manifest, field, value))
    before = digests(app)
    result = madang("restore", "--replace", tmp_path / "new.zip")
    assert result.exit_code != 0 and sentence in str(result.exception)
    assert digests(app)["posts"] == before["posts"]
