"""Unused pictures and orphaned files are purged; used and new ones are not."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.errors import Conflict, Forbidden, NotFound
from madang.core.events import emit
from madang.core.queue import run_due
from madang.core.queue.events import PurgeDue
from madang.core.storage import pictures
from madang.posts.operations import pictures as attaching
from madang.posts.operations import purging
from madang.posts.operations.pictures import attach_picture, delete_picture, get_picture
from madang.tags.models import Tag
from tests.core.storage.test_pictures import _picture, _send
from tests.stores import bucket, each_store, s3_address, use  # noqa: F401  (fixtures)

pytestmark = pytest.mark.each_database

LATER = timedelta(days=3)


def _upload(person, colour: int = 120) -> str:
    """Upload a new picture and return its address."""
    return _send(person, _picture(color=(colour, 90, 40))).json["url"]


def _purge(app, *, after: timedelta = LATER) -> None:
    with app.app_context(), transaction():
        last = 0
        while last is not None:
            last = purging.purge_unused_pictures(after=last, now=now() + after)


def _remove_orphaned_files(app, *, after: timedelta = LATER) -> int:
    with app.app_context(), transaction():
        return sum(purging.remove_orphaned_files(letter, now=now() + after) for letter in purging.NAME_PREFIXES)


def _exists(visitor, address: str) -> bool:
    """Whether both the picture and its thumbnail are served; asserts that neither exists alone."""
    name = address.removeprefix(pictures.FILES_URL)
    statuses = {visitor.get(f"/files/{each}").status_code for each in (name, pictures.small_name(name))}
    assert len(statuses) == 1
    return statuses == {200}


def test_a_picture_unused_for_two_days_is_purged(app, each_store, ann, visitor):  # noqa: F811
    address = _upload(ann)
    _purge(app, after=timedelta(days=1))
    assert _exists(visitor, address)
    _purge(app)
    assert not _exists(visitor, address)
    assert _exists(visitor, _upload(ann))


def _in_a_question(ann, _bob, address):
    ann.ask(body=f"Look at this picture of mine: ![]({address})")


def _in_an_answer(ann, bob, address):
    bob.answer(ann.ask(), f"Look at this picture: ![]({address})")


def _in_a_comment(ann, _bob, address):
    ann.comment(ann.ask(), f"See http://localhost{address} here")


def _in_an_edited_comment(ann, _bob, address):
    comment = ann.comment(ann.ask(), "See here")
    ann.post(f"/comments/{comment}/edit", body=f"See http://localhost{address} here")


def _in_a_message(ann, _bob, address):
    ann.post("/messages/new", to="bob", body=f"Look: ![]({address})")


def _in_a_profile(ann, _bob, address):
    ann.post("/settings", display_name="Ann", bio=f"This is me: ![]({address})", website="", location="")


def _in_a_draft(ann, _bob, address):
    ann.post("/posts/drafts", key="post", body=f"Not ready yet ![]({address})")


def _in_an_earlier_revision(ann, _bob, address):
    post = ann.ask(body=f"Look at this picture of mine: ![]({address})")
    ann.post(f"/posts/{post}/edit", title="How do I move a yard?", body="There was a picture here.", version="1")


@pytest.mark.parametrize(
    "use_picture",
    [
        _in_a_question,
        _in_an_answer,
        _in_a_comment,
        _in_an_edited_comment,
        _in_a_message,
        _in_a_profile,
        _in_a_draft,
        _in_an_earlier_revision,
    ],
)
def test_a_used_picture_is_not_purged(app, ann, bob, visitor, use_picture):
    address, other = _upload(ann, 1), _upload(ann, 200)
    use_picture(ann, bob, address)
    _purge(app)
    assert _exists(visitor, address)
    assert not _exists(visitor, other)


def test_a_picture_in_a_tag_description_is_not_purged(app, ann, visitor):
    address = _upload(ann)
    ann.ask(tags="yard")
    with app.app_context(), transaction() as session:
        session.query(Tag).update({"description": f"![]({address})"})
    _purge(app)
    assert _exists(visitor, address)


def test_a_repeated_upload_restarts_the_two_days(app, ann, visitor):
    with app.app_context(), transaction():
        early = attach_picture(BytesIO(_picture()), actor=ann.actor, now=now() - LATER)
        again = attach_picture(BytesIO(_picture()), actor=ann.actor, now=now())
    assert early == again
    _purge(app, after=timedelta())
    assert _exists(visitor, again.url)


def test_pictures_are_purged_in_batches(app, ann, visitor, monkeypatch):
    monkeypatch.setattr(purging, "BATCH_SIZE", 2)
    addresses = [_upload(ann, shade) for shade in (1, 50, 100, 150, 200)]
    ann.post("/posts/drafts", key="post", body=" ".join(f"![]({address})" for address in addresses[:2]))
    _purge(app)
    assert [_exists(visitor, address) for address in addresses] == [True, True, False, False, False]


def test_the_purge_runs_as_jobs_on_its_event(app, each_store, ann, visitor, monkeypatch):  # noqa: F811
    addresses = [_upload(ann, shade) for shade in (1, 50, 100)]
    monkeypatch.setattr(purging, "BATCH_SIZE", 2)
    monkeypatch.setattr("madang.posts.jobs.posts.now", lambda: now() + LATER)
    with app.app_context():
        with transaction():
            emit(PurgeDue(now()))
        while run_due():
            pass
    assert not any(_exists(visitor, address) for address in addresses)


def test_files_without_a_row_are_removed(app, each_store, ann, visitor):  # noqa: F811
    used_address = _upload(ann)
    ann.post("/settings/avatar", file=(BytesIO(_picture()), "me.png"))
    avatar_address = re.search(r'src="(/files/[^"]+)"', ann.page("/settings"))[1]
    with app.app_context():
        picture, _small = pictures.store_picture(_picture(color=(1, 1, 1)), owner_id=ann.id)
    each_store.put("a note of somebody's.txt", b"words", "text/plain")
    assert _remove_orphaned_files(app, after=timedelta(days=1)) == 0
    assert _exists(visitor, pictures.url_of(picture.name))
    assert _remove_orphaned_files(app) == 1
    assert not _exists(visitor, pictures.url_of(picture.name))
    assert _exists(visitor, used_address)
    assert visitor.get(avatar_address).status_code == 200
    assert each_store.has("a note of somebody's.txt")


def test_every_file_is_checked_once_in_sixteen_days():
    assert {purging.prefix_for_day(now() + timedelta(days=day)) for day in range(16)} == set(purging.NAME_PREFIXES)


def test_a_row_is_written_after_its_files(app, ann, visitor, monkeypatch):
    had_files = []
    add = attaching.add_if_new

    def check_files_then_add(table, **values):
        had_files.append(_exists(visitor, pictures.url_of(values["name"])))
        return add(table, **values)

    monkeypatch.setattr(attaching, "add_if_new", check_files_then_add)
    _upload(ann)
    assert had_files == [True]


def test_the_owner_deletes_an_unused_picture(app, each_store, ann, visitor):  # noqa: F811
    picture = _send(ann, _picture()).json
    actor = ann.actor
    with app.app_context(), transaction():
        delete_picture(get_picture(picture["id"], actor), actor=actor)
    assert not _exists(visitor, picture["url"])
    with app.app_context(), pytest.raises(NotFound):
        get_picture(picture["id"], actor)


def test_a_used_picture_cannot_be_deleted(app, ann, visitor):
    picture = _send(ann, _picture()).json
    ann.ask(body=f"Look at this picture of mine: ![]({picture['url']})")
    actor = ann.actor
    with app.app_context(), pytest.raises(Conflict):
        delete_picture(get_picture(picture["id"], actor), actor=actor)
    assert _exists(visitor, picture["url"])


def test_a_picture_of_another_person_is_not_found_or_deleted(app, ann, eve, dan):
    picture = _send(ann, _picture()).json
    owner = ann.actor
    for other in (eve.actor, dan.actor):
        with app.app_context(), pytest.raises(NotFound):
            get_picture(picture["id"], other)
        with app.app_context(), pytest.raises(Forbidden):
            delete_picture(get_picture(picture["id"], owner), actor=other)


def test_a_rollback_keeps_the_files_of_a_deleted_picture(app, ann, visitor):
    picture, actor = _send(ann, _picture()).json, ann.actor
    with app.app_context():
        delete_picture(get_picture(picture["id"], actor), actor=actor)
        db.session.rollback()
    assert _exists(visitor, picture["url"])
