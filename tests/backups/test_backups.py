"""`madang backup`, `verify` and `restore`: the same site on every database."""

import json
import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from backports import zstd
from sqlalchemy import select

from madang.backups.operations import making, restoring
from madang.backups.operations.archive import Archive
from madang.backups.operations.making import make_backup
from madang.backups.operations.places import target_of
from madang.backups.operations.restoring import restore_backup
from madang.core.clock import now
from madang.core.db import db
from madang.core.site import site
from madang.core.storage.backends import store
from madang.posts.models import Post

from .conftest import digests, files_of, without_settings

pytestmark = pytest.mark.each_database


def test_a_site_is_the_same_after_a_detour_over_another_database(app, scratch, madang, content, ann, tmp_path):
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    before, files = digests(app), files_of(app)
    assert len(files) == 2, "a picture and its thumbnail"
    assert madang("backup", first).exit_code == 0
    with scratch.app_context(), first.open("rb") as file:
        restore_backup(Archive(file), advance=lambda _count: None)
        assert digests(scratch) == before and files_of(scratch) == files
        make_backup(target_of(second, tmp_path), now=now(), on_progress=lambda _done, _total: None)
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


def test_a_folder_with_backups_of_another_name_says_which_file_to_name(madang, tmp_path):
    """A site that has lost its database has lost its name too."""
    for name in ("yard-2-20261129-030000.zip", "old-20261130-030000.zip", "older-20261128-030000.zip", "notes.zip"):
        (tmp_path / name).touch()
    error = str(madang("restore", tmp_path).exception)
    assert "There is no backup of this site" in error
    assert error.endswith(f"name it: {tmp_path / 'old-20261130-030000.zip'}")


def test_what_is_written_meanwhile_is_not_in_it(app, ann, tmp_path):
    """And who writes does not wait for the backup."""
    ann.ask("Before the backup?")
    written = []

    def write(_done: int, _total: int) -> None:
        if not written:
            written.append(ann.ask("While it is made?"))

    with app.app_context():
        make_backup(target_of(tmp_path / "site.zip", tmp_path), now=now(), on_progress=write)
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


def test_every_file_that_a_row_names_is_in_it(app, ann, content, tmp_path):
    with app.app_context():
        make_backup(target_of(tmp_path / "site.zip", tmp_path), now=now(), on_progress=lambda _done, _total: None)
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
