"""Backups in an S3 store."""

import os

import pytest

from madang.backups.operations import s3_place
from madang.backups.operations.archive import ArchiveWriter
from madang.backups.operations.places import target_of

from ..stores import bucket, s3_address, s3_client  # noqa: F401  (fixtures)
from .conftest import digests, without_settings


@pytest.fixture
def place(app, bucket):  # noqa: F811
    """A prefix in a bucket; the pictures of the site stay in their folder."""
    app.config.update({name: value for name, value in bucket.items() if name not in ("FILE_STORE", "S3_BUCKET")})
    return f"s3://{bucket['S3_BUCKET']}/board/"


def keys_of(place, bucket) -> list[str]:  # noqa: F811
    listed = s3_client(bucket["S3_ENDPOINT"]).list_objects_v2(Bucket=bucket["S3_BUCKET"])
    return [each["Key"] for each in listed.get("Contents", ())]


def uploads_of(bucket) -> list[object]:  # noqa: F811
    return s3_client(bucket["S3_ENDPOINT"]).list_multipart_uploads(Bucket=bucket["S3_BUCKET"]).get("Uploads", [])


@pytest.mark.parametrize("passphrase", ["", "seven brown horses"])
def test_a_backup_in_a_bucket_is_verified_and_restored(
    app,
    madang,
    content,
    ann,
    place,
    bucket,  # noqa: F811
    passphrase,
):
    app.config["BACKUP_PASSPHRASE"] = passphrase
    before = digests(app)
    result = madang("backup", place)
    assert result.exit_code == 0, result.exception
    (key,) = keys_of(place, bucket)
    assert key.startswith("board/yard-20") and f"{place}{key[6:]}" in result.output
    assert madang("verify", place).exit_code == 0, "the newest one of a place"
    ann.ask("Written after the backup?")
    assert madang("restore", "--replace", f"{place}{key[6:]}").exit_code == 0
    assert without_settings(digests(app)) == without_settings(before)


def test_a_large_backup_is_uploaded_in_parts(app, place, tmp_path, monkeypatch):
    """The store takes parts of 5 MB or more, but for the last one."""
    monkeypatch.setattr(s3_place, "PART_BYTES", 5 * 1024**2)
    content = os.urandom(12 * 1024**2)
    with app.app_context():
        target = target_of(f"{place}large.zip", tmp_path)
        with target.place.writing(target.name) as file:
            for start in range(0, len(content), 1_000_000):
                file.write(content[start : start + 1_000_000])
            assert len(file._parts) == 2 and target.place.names() == []
        with target.place.reading(target.name) as file:
            assert file.read() == content
    assert list(tmp_path.iterdir()) == []


def test_old_ones_are_deleted_there_too(madang, content, place, bucket):  # noqa: F811
    client, name = s3_client(bucket["S3_ENDPOINT"]), bucket["S3_BUCKET"]
    old = [f"board/yard-202001{day:02}-000000.zip" for day in range(1, 31)]
    others = ["board/notes.txt", "board/deeper/yard-20200101-000000.zip", "yard-20200101-000000.zip"]
    for key in (*old, *others):
        client.put_object(Bucket=name, Key=key, Body=b"old")
    assert madang("backup", place, "--keep").exit_code == 0
    keys = keys_of(place, bucket)
    assert set(others) <= set(keys) and old[-1] in keys and old[1] not in keys


def test_a_backup_that_fails_leaves_nothing_in_the_bucket(madang, content, place, bucket, monkeypatch):  # noqa: F811
    def fail(*_arguments: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(ArchiveWriter, "close", fail)
    assert isinstance(madang("backup", place).exception, OSError)
    assert not keys_of(place, bucket) and not uploads_of(bucket)


@pytest.mark.parametrize(
    ("target", "settings", "sentence"),
    [
        ("s3://", {}, "s3://bucket/prefix/"),
        ("s3:///board/", {}, "s3://bucket/prefix/"),
        ("s3://no-such-bucket-here/", {}, "does not take or give backups"),
        ("s3://board/", {"S3_ENDPOINT": "http://127.0.0.1:1"}, "does not take or give backups"),
    ],
)
def test_a_store_that_does_not_take_it_is_said_in_a_sentence(app, madang, place, target, settings, sentence):
    app.config.update(settings)
    for command in (("backup", target), ("verify", target)):
        assert sentence in str(madang(*command).exception)


def test_what_is_not_there_is_said(madang, place):
    assert f"There is no file {place}absent.zip" in str(madang("verify", f"{place}absent.zip").exception)
    assert f"There is no backup of this site in {place}" in str(madang("restore", place).exception)
