"""What goes wrong with backups changes nothing: damaged and incomplete files, a stop, a full disk."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from madang.backups.operations.archive import Archive, ArchiveWriter
from madang.backups.operations.making import make_backup
from madang.backups.operations.places import target_of
from madang.backups.operations.restoring import restore_backup
from madang.core.clock import now
from madang.core.db import db

from .conftest import digests, without_settings

pytestmark = pytest.mark.each_database


def damaged(path: Path, name: str) -> None:
    """Change a byte in the middle of a part of a backup."""
    with ZipFile(path) as backup:
        info = backup.getinfo(name)
        start = info.header_offset + 30 + len(info.filename.encode())
        size = info.compress_size
    content = bytearray(path.read_bytes())
    content[start + size // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("part", ["tables/posts.jsonl.zst", "tables/users.jsonl.zst", "files.jsonl.zst", "files/"])
def test_a_damaged_backup_changes_nothing(app, madang, content, tmp_path, part):
    path = tmp_path / "site.zip"
    madang("backup", path)
    if part == "files/":
        with ZipFile(path) as backup:
            part = next(name for name in backup.namelist() if name.startswith(part))
    damaged(path, part)
    before = digests(app)
    for result in (madang("verify", path), madang("restore", "--replace", path)):
        assert result.exit_code != 0 and f"{part} in the backup is damaged" in str(result.exception)
    assert without_settings(digests(app)) == without_settings(before)


@pytest.mark.parametrize("length", [0, 10, 5_000, -1])
def test_an_incomplete_backup_is_refused(madang, content, tmp_path, length):
    path = tmp_path / "site.zip"
    madang("backup", path)
    path.write_bytes(path.read_bytes()[:length])
    for result in (madang("verify", path), madang("restore", "--replace", path)):
        assert result.exit_code != 0 and "not a complete backup" in str(result.exception)


def test_what_is_no_backup_is_refused(madang, tmp_path):
    (tmp_path / "notes.txt").write_text("Nothing of the kind.")
    with ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("notes.txt", "Nothing of the kind.")
    assert "not a complete backup" in str(madang("verify", tmp_path / "notes.txt").exception)
    assert "not a complete backup" in str(madang("verify", tmp_path / "other.zip").exception)
    assert "There is no file" in str(madang("restore", tmp_path / "absent.zip").exception)


def test_a_site_is_replaced_only_on_request_and_kept_as_a_backup(app, madang, content, tmp_path):
    path, before = tmp_path / "site.zip", digests(app)
    madang("backup", path)
    refused = madang("restore", path)
    assert refused.exit_code != 0 and "--replace" in str(refused.exception)
    assert digests(app)["posts"] == before["posts"]
    safety = Path(app.instance_path) / "backups"
    assert madang("restore", "--replace", path).exit_code == 0
    (kept,) = safety.iterdir()
    assert madang("verify", kept).exit_code == 0


def test_a_restore_that_is_stopped_leaves_the_database_as_it_was(app, ann, content, tmp_path):
    with app.app_context():
        make_backup(target_of(tmp_path / "site.zip", tmp_path), now=now(), on_progress=lambda _done, _total: None)
    ann.ask("Written after the backup?")
    before, rows = digests(app), []

    def stop(count: int) -> None:
        rows.append(count)
        if len(rows) == 30:
            raise KeyboardInterrupt

    with app.app_context(), (tmp_path / "site.zip").open("rb") as file:
        with pytest.raises(KeyboardInterrupt):
            restore_backup(Archive(file), advance=stop)
        db.session.rollback()
    assert digests(app) == before
    assert ann.ask("And it still writes?")


def test_a_backup_that_fails_leaves_the_earlier_one(app, madang, tmp_path, monkeypatch):
    path = tmp_path / "site.zip"
    madang("backup", path)
    earlier = path.read_bytes()

    def fail(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ArchiveWriter, "close", fail)
    assert isinstance(madang("backup", path).exception, OSError)
    assert path.read_bytes() == earlier and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("encrypted", [True, False])
def test_a_passphrase_encrypts_it(app, madang, content, tmp_path, encrypted):
    path = tmp_path / "site.zip"
    app.config["BACKUP_PASSPHRASE"] = "seven brown horses" if encrypted else ""
    madang("backup", path)
    with ZipFile(path) as backup:
        names = backup.namelist()
    assert ("tables/posts.jsonl.zst" in names, "key.age" in names) == (not encrypted, encrypted)
    assert madang("verify", path).exit_code == 0
    app.config["BACKUP_PASSPHRASE"] = "another one"
    result = madang("verify", path)
    assert (result.exit_code != 0) == encrypted
    if encrypted:
        assert "another passphrase" in str(result.exception)
        assert list(tmp_path.iterdir()) == [path], "nothing decrypted stays"


@pytest.mark.parametrize(
    "name", ["../../evil.webp", "/etc/evil.webp", "evil.html", ".webp", "a/b.webp", "..%2Fevil.webp"]
)
def test_a_backup_whose_files_have_other_names_is_refused(app, madang, content, tmp_path, name):
    """A name becomes a path in the store."""
    path, evil = tmp_path / "site.zip", tmp_path / "evil.zip"
    madang("backup", path)
    with path.open("rb") as file, evil.open("wb") as copy:
        archive, writer = Archive(file), ArchiveWriter(copy)
        for part in archive.manifest.tables:
            writer.write_lines(f"tables/{part.name}.jsonl.zst", archive.table_lines(part))
        writer.write_file(name, BytesIO(b"evil"))
        writer.close(archive.manifest)
    for result in (madang("verify", evil), madang("restore", "--replace", evil)):
        assert result.exit_code != 0 and "files.jsonl.zst in the backup is damaged" in str(result.exception)
    assert not list(tmp_path.parent.rglob("evil.webp")) and not Path("/etc/evil.webp").exists()
