"""File stores: pictures are stored, served and removed alike in every backend."""

import re
import sys
import time
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image
from sqlalchemy import select

from madang.config import ConfigError
from madang.core import circuit_breaker
from madang.core.clock import now
from madang.core.db import transaction
from madang.core.queue import Job, run_due
from madang.core.storage import pictures as files
from madang.core.storage.backends import StoreUnavailable, backends, check_store, make_store
from tests.core.storage.test_pictures import _animated, _picture, _send
from tests.stores import KEYS, bucket, each_store, s3_address, s3_client, take_store_down, use  # noqa: F401  (fixtures)

STORE_DOWN_MESSAGE = "Pictures cannot be saved or shown right now."
FORM = {"board": "qa", "title": "Which leaf is this?", "body": "It lay in the yard this morning.", "tags": ""}


@pytest.fixture
def picture_url(each_store, ann):  # noqa: F811
    """The URL of a picture that Ann has uploaded."""
    return _send(ann, _picture("JPEG", size=(600, 300))).json["url"]


def test_a_picture_is_served_with_a_fixed_type_and_cached_for_a_year(picture_url, visitor):
    for address, content_type in (
        (picture_url, "image/jpeg"),
        (picture_url.replace(".jpg", "-small.webp"), "image/webp"),
    ):
        file = visitor.get(address)
        assert (file.status_code, file.mimetype) == (200, content_type)
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert file.content_length == len(file.data)
        assert Image.open(BytesIO(file.data)).format == content_type.partition("/")[2].upper()


def test_conditional_requests_get_304(picture_url, visitor):
    headers = visitor.get(picture_url).headers
    for ask, tell in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = visitor.get(picture_url, headers={ask: headers[tell]})
        assert (again.status_code, again.data) == (304, b"")
    assert visitor.get(picture_url, headers={"If-None-Match": '"another"'}).status_code == 200


def test_range_requests_get_206(picture_url, visitor):
    whole = visitor.get(picture_url).data
    part = visitor.get(picture_url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert visitor.get(picture_url, headers={"Range": "bytes=-5"}).data == whole[-5:]
    assert visitor.get(picture_url, headers={"Range": "bytes=999999999-"}).status_code == 416


def test_head_requests_get_no_content(picture_url, visitor):
    head = visitor.client.head(picture_url)
    assert (head.status_code, head.data) == (200, b"")
    assert head.content_length == len(visitor.get(picture_url).data)


def test_unknown_names_are_not_found(each_store, visitor):  # noqa: F811
    for name in ("0" * 32 + ".png", "0" * 32 + "-small.webp", "x.png", "..%2fsecret_key"):
        assert visitor.get(f"/files/{name}").status_code == 404


def test_the_same_picture_is_stored_once_for_each_person(each_store, ann, bob):  # noqa: F811
    first = _send(ann, _animated()).json
    assert _send(ann, _animated()).json == first
    assert _send(bob, _animated()).json["url"] != first["url"]


def test_a_picture_whose_file_is_missing_is_stored_again(app, picture_url, ann, visitor):
    with app.app_context():
        files.delete_files(picture_url.removeprefix(files.FILES_URL))
    assert visitor.get(picture_url).status_code == 404
    assert _send(ann, _picture("JPEG", size=(600, 300))).json["url"] == picture_url
    assert visitor.get(picture_url).status_code == 200


def test_an_avatar_is_stored_and_removed(each_store, ann):  # noqa: F811
    ann.post("/settings/avatar", file=(BytesIO(_picture()), "me.png"))
    avatar_url = re.search(r'src="(/files/[^"]+)"', ann.page("/settings"))[1]
    assert ann.get(avatar_url).mimetype == "image/webp"
    ann.post("/settings/avatar/remove")
    assert ann.get(avatar_url).status_code == 404


def test_the_data_export_contains_pictures(app, picture_url, ann, visitor):
    ann.post("/settings/leave/export")
    with app.app_context():
        run_due()
    page = ann.page("/settings/leave")
    archive = ZipFile(BytesIO(ann.get(re.search(r'href="([^"]*download[^"]*)"', page)[1]).data))
    assert archive.read(picture_url.removeprefix("/")) == visitor.get(picture_url).data


def test_names_are_listed_by_prefix(each_store):  # noqa: F811
    for name in ("ab" + "0" * 30 + ".webp", "ac" + "0" * 30 + ".webp", "ba" + "0" * 30 + ".webp"):
        each_store.put(name, b"content", "image/webp")
    assert sorted(name[:2] for name, _since in each_store.names("a")) == ["ab", "ac"]
    assert all(abs(since - now()) < timedelta(minutes=5) for _name, since in each_store.names(""))
    check_store(each_store)
    assert len(list(each_store.names(""))) == 3


# A store that is down


def test_uploads_are_refused_while_the_store_is_down(take_store_down, ann, cho, caplog):  # noqa: F811
    take_store_down()
    answer = _send(ann, _picture())
    assert answer.status_code == 503
    assert STORE_DOWN_MESSAGE in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert "지금은 사진을" in _send(cho, _picture()).text
    alone = ann.htmx("/files", file=(BytesIO(_picture()), "a.png"))
    assert (alone.status_code, alone.mimetype) == (503, "text/plain")
    assert alone.text.startswith(STORE_DOWN_MESSAGE)
    assert "does not answer" in caplog.text
    assert "Traceback" not in caplog.text


def test_pages_work_while_the_store_is_down(take_store_down, use, ann, visitor):  # noqa: F811
    address = _send(ann, _picture()).json["url"]
    post = ann.ask(body=f"Look at this: ![]({address})")
    take_store_down()
    assert address in visitor.page(f"/posts/{post}")
    picture = visitor.get(address)
    assert picture.status_code == 503
    assert STORE_DOWN_MESSAGE in picture.text
    assert "no-cache" in picture.headers["Cache-Control"]
    assert ann.ask("And another question?")


def test_a_form_keeps_its_input_while_the_store_is_down(take_store_down, ann, monkeypatch):  # noqa: F811
    take_store_down()
    answer = ann.post("/posts/new", **FORM, pictures=[(BytesIO(_picture()), "leaf.png")])
    assert answer.status_code == 503
    assert STORE_DOWN_MESSAGE in answer.text
    assert FORM["title"] in answer.text
    assert FORM["body"] in answer.text
    avatar = ann.post("/settings/avatar", file=(BytesIO(_picture()), "me.png"))
    assert avatar.status_code == 503
    assert STORE_DOWN_MESSAGE in avatar.text


def test_pictures_stored_before_the_store_failed_stay_in_the_text(take_store_down, ann, visitor, monkeypatch):  # noqa: F811
    keep_picture = files.store_picture
    calls = []

    def keep_first(content, *, owner_id):
        calls.append(content)
        if len(calls) > 1:
            raise StoreUnavailable
        return keep_picture(content, owner_id=owner_id)

    monkeypatch.setattr("madang.posts.operations.pictures.store_picture", keep_first)
    pictures = [(BytesIO(_picture(color=(shade, 0, 0))), "leaf.png") for shade in (10, 200)]
    answer = ann.post("/posts/new", **FORM, pictures=pictures)
    assert answer.status_code == 503
    address = re.search(r"!\[leaf\]\((/files/[^)]+)\)", answer.text)[1]
    assert visitor.get(address).status_code == 200
    assert _send(ann, _picture(color=(10, 0, 0))).json["url"] == address


def test_an_avatar_can_be_removed_while_the_store_is_down(take_store_down, ann):  # noqa: F811
    ann.post("/settings/avatar", file=(BytesIO(_picture()), "me.png"))
    take_store_down()
    assert "drawn from your name" in ann.follow(ann.post("/settings/avatar/remove"))


def test_an_export_is_retried_after_the_store_was_down(app, take_store_down, use, ann):  # noqa: F811
    _send(ann, _picture())
    before = {name: app.config[name] for name in ("FILE_STORE", "UPLOAD_FOLDER")}
    take_store_down()
    ann.post("/settings/leave/export")
    with app.app_context():
        run_due()
        with transaction() as session:
            retried = session.scalars(select(Job).where(Job.owner_id == ann.id)).one()
            assert retried.state == "queued"
            retried.run_at = now()
        use(**before)
        run_due()
    assert "/download" in ann.page("/settings/leave")


# The store that speaks S3


@pytest.fixture
def s3_store(bucket, use):  # noqa: F811
    return use(**bucket)


def test_s3_has_the_same_layout_as_a_folder(s3_store, bucket, ann):  # noqa: F811
    name = _send(ann, _picture()).json["url"].removeprefix(files.FILES_URL)
    listed = s3_client(bucket["S3_ENDPOINT"]).list_objects_v2(Bucket=bucket["S3_BUCKET"])["Contents"]
    small = files.small_name(name)
    assert {found["Key"] for found in listed} == {f"kept/here/{name[:2]}/{each}" for each in (name, small)}


def test_requests_do_not_wait_repeatedly_for_s3_that_is_down(use, ann, monkeypatch, caplog):  # noqa: F811
    requests = []
    store = use(FILE_STORE="s3", S3_ENDPOINT="http://127.0.0.1:1", S3_BUCKET="yard", **KEYS)
    store._client.meta.events.register("before-send.s3.*", lambda **_request: requests.append(1))
    for _time in range(5):
        with pytest.raises(StoreUnavailable):
            store.open("0" * 32 + ".webp")
    assert 1 <= len(requests) <= 2
    assert caplog.text.count("does not answer") == 1
    monkeypatch.setattr(circuit_breaker, "monotonic", lambda: time.monotonic() + 60)
    with pytest.raises(StoreUnavailable):
        store.open("0" * 32 + ".webp")
    assert len(requests) > 2


@pytest.mark.parametrize("wrong", [{"S3_BUCKET": "another"}, {"S3_ENDPOINT": "http://127.0.0.1:1"}])
def test_prove_raises_for_a_store_that_cannot_be_reached(s3_store, bucket, wrong):  # noqa: F811
    check_store(s3_store)
    with pytest.raises(StoreUnavailable):
        check_store(make_store({"S3_REGION": "us-east-1", **bucket, **wrong}))


def test_a_missing_package_is_named_in_the_error(app, bucket, monkeypatch):  # noqa: F811
    monkeypatch.delitem(sys.modules, "madang.core.storage.s3", raising=False)
    monkeypatch.delitem(backends, "s3", raising=False)
    monkeypatch.setitem(sys.modules, "boto3.session", None)
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(ConfigError, match="pip install boto3"):
        make_store({**app.config, **bucket})


def test_the_folder_is_the_default_store(app):
    assert type(make_store(app.config)).__name__ == "FolderStore"


def test_upload_folder_is_configurable(use, ann, tmp_path):  # noqa: F811
    use(UPLOAD_FOLDER=str(tmp_path / "elsewhere"))
    address = _send(ann, _picture()).json["url"]
    assert len(list((tmp_path / "elsewhere").rglob("*.webp"))) == 2
    assert ann.get(address).status_code == 200
