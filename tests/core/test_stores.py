"""Where files lie: whatever the store, a picture is kept, sent, and taken away in the same manner."""

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
from madang.core.storage.backends import StoreAway, backends, make_store, prove
from tests.core.test_files import _animated, _picture, _send
from tests.storing import (  # noqa: F401  (fixtures)
    KEYS,
    bucket,
    each_store,
    go_away,
    s3_address,
    s3_client,
    use,
)

AWAY = "Pictures cannot be kept or shown at present."
WORDS = {"board": "qa", "title": "Which leaf is this?", "body": "It lay in the yard this morning.", "tags": ""}


@pytest.fixture
def sent(each_store, ann):  # noqa: F811
    """The address of a picture that Ann has sent."""
    return _send(ann, _picture("JPEG", size=(600, 300))).json["url"]


def test_a_picture_comes_back_with_a_fixed_type_and_for_long(sent, visitor):
    for address, content_type in ((sent, "image/jpeg"), (sent.replace(".jpg", "-small.webp"), "image/webp")):
        file = visitor.get(address)
        assert (file.status_code, file.mimetype) == (200, content_type)
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert file.content_length == len(file.data)
        assert Image.open(BytesIO(file.data)).format == content_type.partition("/")[2].upper()


def test_who_has_it_already_is_told_so(sent, visitor):
    headers = visitor.get(sent).headers
    for ask, tell in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = visitor.get(sent, headers={ask: headers[tell]})
        assert (again.status_code, again.data) == (304, b"")
    assert visitor.get(sent, headers={"If-None-Match": '"another"'}).status_code == 200


def test_a_part_of_it_can_be_asked_for(sent, visitor):
    whole = visitor.get(sent).data
    part = visitor.get(sent, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert visitor.get(sent, headers={"Range": "bytes=-5"}).data == whole[-5:]
    assert visitor.get(sent, headers={"Range": "bytes=999999999-"}).status_code == 416


def test_only_what_it_is_can_be_asked_for(sent, visitor):
    head = visitor.client.head(sent)
    assert (head.status_code, head.data) == (200, b"")
    assert head.content_length == len(visitor.get(sent).data)


def test_what_is_not_there_is_not_found(each_store, visitor):  # noqa: F811
    for name in ("0" * 32 + ".png", "0" * 32 + "-small.webp", "x.png", "..%2fsecret_key"):
        assert visitor.get(f"/files/{name}").status_code == 404


def test_the_same_picture_twice_is_one(each_store, ann, bob):  # noqa: F811
    first = _send(ann, _animated()).json
    assert _send(ann, _animated()).json == first
    assert _send(bob, _animated()).json["url"] != first["url"]


def test_one_whose_file_is_gone_is_kept_anew(app, sent, ann, visitor):
    with app.app_context():
        files.remove(sent.removeprefix(files.FILES))
    assert visitor.get(sent).status_code == 404
    assert _send(ann, _picture("JPEG", size=(600, 300))).json["url"] == sent
    assert visitor.get(sent).status_code == 200


def test_a_face_comes_and_goes(each_store, ann):  # noqa: F811
    ann.post("/settings/avatar", file=(BytesIO(_picture()), "me.png"))
    face = re.search(r'src="(/files/[^"]+)"', ann.page("/settings"))[1]
    assert ann.get(face).mimetype == "image/webp"
    ann.post("/settings/avatar/remove")
    assert ann.get(face).status_code == 404


def test_pictures_come_along_with_what_a_person_downloads(app, sent, ann, visitor):
    ann.post("/settings/leave/export")
    with app.app_context():
        run_due()
    page = ann.page("/settings/leave")
    archive = ZipFile(BytesIO(ann.get(re.search(r'href="([^"]*download[^"]*)"', page)[1]).data))
    assert archive.read(sent.removeprefix("/")) == visitor.get(sent).data


def test_names_are_told_by_their_first_letters(each_store):  # noqa: F811
    for name in ("ab" + "0" * 30 + ".webp", "ac" + "0" * 30 + ".webp", "ba" + "0" * 30 + ".webp"):
        each_store.put(name, b"content", "image/webp")
    assert sorted(name[:2] for name, _since in each_store.names("a")) == ["ab", "ac"]
    assert all(abs(since - now()) < timedelta(minutes=5) for _name, since in each_store.names(""))
    prove(each_store)
    assert len(list(each_store.names(""))) == 3


# A store that is away


def test_while_the_store_is_away_a_picture_is_refused_with_a_sentence(go_away, ann, cho, caplog):  # noqa: F811
    go_away()
    answer = _send(ann, _picture())
    assert answer.status_code == 503
    assert AWAY in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert "지금은 사진을" in _send(cho, _picture()).text
    alone = ann.htmx("/files", file=(BytesIO(_picture()), "a.png"))
    assert (alone.status_code, alone.mimetype) == (503, "text/plain")
    assert alone.text.startswith(AWAY)
    assert "does not answer" in caplog.text
    assert "Traceback" not in caplog.text


def test_while_the_store_is_away_the_pages_stay(go_away, use, ann, visitor):  # noqa: F811
    address = _send(ann, _picture()).json["url"]
    post = ann.ask(body=f"Look at this: ![]({address})")
    go_away()
    assert address in visitor.page(f"/posts/{post}")
    picture = visitor.get(address)
    assert picture.status_code == 503
    assert AWAY in picture.text
    assert "no-cache" in picture.headers["Cache-Control"]
    assert ann.ask("And another question?")


def test_while_the_store_is_away_a_form_keeps_what_was_typed(go_away, ann, monkeypatch):  # noqa: F811
    go_away()
    answer = ann.post("/posts/new", **WORDS, pictures=[(BytesIO(_picture()), "leaf.png")])
    assert answer.status_code == 503
    assert AWAY in answer.text
    assert WORDS["title"] in answer.text
    assert WORDS["body"] in answer.text
    face = ann.post("/settings/avatar", file=(BytesIO(_picture()), "me.png"))
    assert face.status_code == 503
    assert AWAY in face.text


def test_pictures_that_came_before_the_store_went_away_stay_in_the_text(go_away, ann, visitor, monkeypatch):  # noqa: F811
    kept = files.keep_picture
    calls = []

    def keep_first(content, *, owner_id):
        calls.append(content)
        if len(calls) > 1:
            raise StoreAway
        return kept(content, owner_id=owner_id)

    monkeypatch.setattr("madang.posts.operations.attaching.keep_picture", keep_first)
    pictures = [(BytesIO(_picture(color=(shade, 0, 0))), "leaf.png") for shade in (10, 200)]
    answer = ann.post("/posts/new", **WORDS, pictures=pictures)
    assert answer.status_code == 503
    address = re.search(r"!\[leaf\]\((/files/[^)]+)\)", answer.text)[1]
    assert visitor.get(address).status_code == 200
    assert _send(ann, _picture(color=(10, 0, 0))).json["url"] == address


def test_a_face_goes_also_while_the_store_is_away(go_away, ann):  # noqa: F811
    ann.post("/settings/avatar", file=(BytesIO(_picture()), "me.png"))
    go_away()
    assert "drawn from your name" in ann.follow(ann.post("/settings/avatar/remove"))


def test_a_download_that_the_store_held_up_is_made_later(app, go_away, use, ann):  # noqa: F811
    _send(ann, _picture())
    before = {name: app.config[name] for name in ("FILE_STORE", "UPLOAD_FOLDER")}
    go_away()
    ann.post("/settings/leave/export")
    with app.app_context():
        run_due()
        with transaction() as session:
            held_up = session.scalars(select(Job).where(Job.owner_id == ann.id)).one()
            assert held_up.state == "queued"
            held_up.run_at = now()
        use(**before)
        run_due()
    assert "/download" in ann.page("/settings/leave")


# The store that speaks S3


@pytest.fixture
def in_s3(bucket, use):  # noqa: F811
    return use(**bucket)


def test_in_s3_files_lie_as_in_a_folder_so_that_they_can_be_copied(in_s3, bucket, ann):  # noqa: F811
    name = _send(ann, _picture()).json["url"].removeprefix(files.FILES)
    listed = s3_client(bucket["S3_ENDPOINT"]).list_objects_v2(Bucket=bucket["S3_BUCKET"])["Contents"]
    small = files.small_name(name)
    assert {found["Key"] for found in listed} == {f"kept/here/{name[:2]}/{each}" for each in (name, small)}


def test_while_s3_is_away_nobody_waits_for_it_again_and_again(use, ann, monkeypatch, caplog):  # noqa: F811
    asked = []
    store = use(FILE_STORE="s3", S3_ENDPOINT="http://127.0.0.1:1", S3_BUCKET="yard", **KEYS)
    store._client.meta.events.register("before-send.s3.*", lambda **_request: asked.append(1))
    for _time in range(5):
        with pytest.raises(StoreAway):
            store.open("0" * 32 + ".webp")
    assert 1 <= len(asked) <= 2
    assert caplog.text.count("does not answer") == 1
    monkeypatch.setattr(circuit_breaker, "monotonic", lambda: time.monotonic() + 60)
    with pytest.raises(StoreAway):
        store.open("0" * 32 + ".webp")
    assert len(asked) > 2


@pytest.mark.parametrize("wrong", [{"S3_BUCKET": "another"}, {"S3_ENDPOINT": "http://127.0.0.1:1"}])
def test_a_store_that_cannot_be_reached_is_told(in_s3, bucket, wrong):  # noqa: F811
    prove(in_s3)
    with pytest.raises(StoreAway):
        prove(make_store({"S3_REGION": "us-east-1", **bucket, **wrong}))


def test_without_the_package_it_is_said_how_to_bring_it(app, bucket, monkeypatch):  # noqa: F811
    monkeypatch.delitem(sys.modules, "madang.core.storage.s3", raising=False)
    monkeypatch.delitem(backends, "s3", raising=False)
    monkeypatch.setitem(sys.modules, "boto3.session", None)
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(ConfigError, match="pip install boto3"):
        make_store({**app.config, **bucket})


def test_a_plain_site_does_not_load_it(app):
    assert type(make_store(app.config)).__name__ == "FolderStore"


def test_pictures_lie_where_the_settings_say(use, ann, tmp_path):  # noqa: F811
    use(UPLOAD_FOLDER=str(tmp_path / "elsewhere"))
    address = _send(ann, _picture()).json["url"]
    assert len(list((tmp_path / "elsewhere").rglob("*.webp"))) == 2
    assert ann.get(address).status_code == 200
