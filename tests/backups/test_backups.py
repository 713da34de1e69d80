"""`madang backup`, `verify` and `restore`: the same site on every database, whole or not at all."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from backports import zstd
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from PIL import Image
from sqlalchemy import select

from madang import cli, create_app
from madang.backups.operations import archive as archives
from madang.backups.operations import making, restoring
from madang.backups.operations.archive import Archive, ArchiveWriter
from madang.backups.operations.making import make_backup
from madang.backups.operations.restoring import restore_backup
from madang.backups.operations.rows import site_tables, table_lines
from madang.core.clock import now
from madang.core.db import db
from madang.core.db.upgrade import bring_up_to_date
from madang.core.i18n import set_locale
from madang.core.site import site
from madang.core.storage.backends import store
from madang.posts.models import Post

from ..people import Person

pytestmark = pytest.mark.each_database

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


def test_a_site_is_the_same_after_a_detour_over_another_database(app, scratch, madang, content, ann, tmp_path):
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    before, files = digests(app), files_of(app)
    assert len(files) == 2, "a picture and its thumbnail"
    assert madang("backup", first).exit_code == 0
    with scratch.app_context(), first.open("rb") as file:
        restore_backup(Archive(file), advance=lambda _count: None)
        assert digests(scratch) == before and files_of(scratch) == files
        make_backup(second, now=now(), on_progress=lambda _done, _total: None)
    ann.ask("Written after the backup?")
    shutil.rmtree(Path(app.instance_path) / "files")
    result = madang("restore", "--replace", second)
    assert result.exit_code == 0, result.output
    assert without_settings(digests(app)) == without_settings(before)
    assert files_of(app) == files
    assert "저도 궁금해요" in ann.page(f"/posts/{content}")
    assert ann.ask("Do new rows get new numbers?") > content
    assert madang("check", "--counts").output == "All counters are correct.\n"


def test_a_backup_is_verified(madang, content, tmp_path):
    path = tmp_path / "site.zip"
    assert "2 files" in madang("backup", path).output
    assert path.stat().st_mode & 0o777 == 0o600
    result = madang("verify", path)
    assert (result.exit_code, "is good" in result.output) == (0, True), result.output


def test_a_folder_gets_a_file_named_by_site_and_time(app, madang, tmp_path):
    assert madang("backup", tmp_path).exit_code == 0
    (path,) = tmp_path.iterdir()
    assert path.name.startswith("yard-20") and path.suffix == ".zip"
    with app.app_context():
        site.clear()
        assert site().backed_up_at, "the first steps of an administrator show it"


def test_what_is_written_meanwhile_is_not_in_it(app, ann, tmp_path):
    """And who writes does not wait for the backup."""
    ann.ask("Before the backup?")
    written = []

    def write(_done: int, _total: int) -> None:
        if not written:
            written.append(ann.ask("While it is made?"))

    with app.app_context():
        make_backup(tmp_path / "site.zip", now=now(), on_progress=write)
    with (tmp_path / "site.zip").open("rb") as file:
        archive = Archive(file)
        (part,) = (each for each in archive.manifest.tables if each.name == "posts")
        posts = b"".join(archive.table_lines(part)).decode()
    assert written and "Before the backup?" in posts and "While it is made?" not in posts
    assert "While it is made?" in ann.page("/questions")


def test_anybody_can_read_it_with_common_tools(app, madang, content, tmp_path):
    madang("backup", tmp_path / "site.zip")
    with ZipFile(tmp_path / "site.zip") as backup:
        manifest = json.loads(backup.read("manifest.json"))
        posts = zstd.decompress(backup.read("tables/posts.jsonl.zst")).decode()
    columns = next(table["columns"] for table in manifest["tables"] if table["name"] == "posts")
    rows = [
        dict(zip((name for name, _kind in columns), json.loads(line), strict=True))
        for line in posts.split("\n")
        if line
    ]
    assert [row["title"] for row in rows if row["parent_id"] is None] == ["마당의 나무를 어떻게 옮기나요? 🌳"]
    assert manifest["settings"]["MADANG_SECRET_KEY"] == "(hidden)"


# What goes wrong


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
        make_backup(tmp_path / "site.zip", now=now(), on_progress=lambda _done, _total: None)
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


# Other versions


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


def test_a_backup_of_an_earlier_version_is_restored_and_upgraded(app, madang, scratch, content, tmp_path):
    def before_replies(manifest: archives.Manifest) -> None:
        manifest.revision = "20261130_1000"
        (flags,) = (part for part in manifest.tables if part.name == "flags")
        flags.columns = [column for column in flags.columns if column[0] != "reply"]

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


def test_every_file_that_a_row_names_is_in_it(app, ann, content, tmp_path):
    with app.app_context():
        make_backup(tmp_path / "site.zip", now=now(), on_progress=lambda _done, _total: None)
        bodies = db.session.scalars(select(Post.body_html)).all()
        assert bodies and all(store().has(name) for name in making._file_names())
    with (tmp_path / "site.zip").open("rb") as file:
        assert sorted(name for name, _content in Archive(file).files()) == files_of(app)
    assert restoring.type_of(files_of(app)[0]).startswith("image/")


def test_a_file_that_is_being_written_is_left_out(app, madang, content, tmp_path):
    name = files_of(app)[0]
    part = Path(app.config["UPLOAD_FOLDER"]) / name[:2] / f"{name}.0a1b2c3d.part"
    part.write_bytes(b"half of a pict")
    madang("backup", tmp_path / "site.zip")
    assert madang("verify", tmp_path / "site.zip").exit_code == 0
