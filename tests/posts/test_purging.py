"""Pictures that nobody needs go; those that stand in a text, or are on their way into one, stay."""

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
from madang.posts.operations import attaching, purging
from madang.posts.operations.attaching import attach_picture, delete_picture, get_picture
from madang.tags.models import Tag
from tests.core.test_files import _picture, _send
from tests.storing import bucket, each_store, s3_address, use  # noqa: F401  (fixtures)

pytestmark = pytest.mark.each_database

LATER = timedelta(days=3)


def _sent(person, colour: int = 120) -> str:
    """The address of a new picture."""
    return _send(person, _picture(color=(colour, 90, 40))).json["url"]


def _purge(app, *, after: timedelta = LATER) -> None:
    with app.app_context(), transaction():
        last = 0
        while last is not None:
            last = purging.purge_unused_pictures(after=last, now=now() + after)


def _remove_strays(app, *, after: timedelta = LATER) -> int:
    with app.app_context(), transaction():
        return sum(purging.remove_orphaned_files(letter, now=now() + after) for letter in purging.NAME_PREFIXES)


def _is_there(visitor, address: str) -> bool:
    """Whether the picture and its thumbnail are, which go together."""
    name = address.removeprefix(pictures.FILES)
    found = {visitor.get(f"/files/{each}").status_code for each in (name, pictures.small_name(name))}
    assert len(found) == 1
    return found == {200}


def test_what_stood_in_no_text_for_two_days_goes(app, each_store, ann, visitor):  # noqa: F811
    address = _sent(ann)
    _purge(app, after=timedelta(days=1))
    assert _is_there(visitor, address)
    _purge(app)
    assert not _is_there(visitor, address)
    assert _is_there(visitor, _sent(ann))


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


def _in_an_earlier_wording(ann, _bob, address):
    post = ann.ask(body=f"Look at this picture of mine: ![]({address})")
    ann.post(f"/posts/{post}/edit", title="How do I move a yard?", body="There was a picture here.", version="1")


@pytest.mark.parametrize(
    "put",
    [
        _in_a_question,
        _in_an_answer,
        _in_a_comment,
        _in_an_edited_comment,
        _in_a_message,
        _in_a_profile,
        _in_a_draft,
        _in_an_earlier_wording,
    ],
)
def test_what_stands_in_a_text_stays(app, ann, bob, visitor, put):
    address, other = _sent(ann, 1), _sent(ann, 200)
    put(ann, bob, address)
    _purge(app)
    assert _is_there(visitor, address)
    assert not _is_there(visitor, other)


def test_what_describes_a_tag_stays(app, ann, visitor):
    address = _sent(ann)
    ann.ask(tags="yard")
    with app.app_context(), transaction() as session:
        session.query(Tag).update({"description": f"![]({address})"})
    _purge(app)
    assert _is_there(visitor, address)


def test_sent_once_more_it_has_two_days_again(app, ann, visitor):
    with app.app_context(), transaction():
        early = attach_picture(BytesIO(_picture()), actor=ann.actor, now=now() - LATER)
        again = attach_picture(BytesIO(_picture()), actor=ann.actor, now=now())
    assert early == again
    _purge(app, after=timedelta())
    assert _is_there(visitor, again.url)


def test_many_go_some_at_a_time_past_those_that_stay(app, ann, visitor, monkeypatch):
    monkeypatch.setattr(purging, "BATCH_SIZE", 2)
    addresses = [_sent(ann, shade) for shade in (1, 50, 100, 150, 200)]
    ann.post("/posts/drafts", key="post", body=" ".join(f"![]({address})" for address in addresses[:2]))
    _purge(app)
    assert [_is_there(visitor, address) for address in addresses] == [True, True, False, False, False]


def test_the_purge_comes_by_itself(app, each_store, ann, visitor, monkeypatch):  # noqa: F811
    addresses = [_sent(ann, shade) for shade in (1, 50, 100)]
    monkeypatch.setattr(purging, "BATCH_SIZE", 2)
    monkeypatch.setattr("madang.posts.jobs.posts.now", lambda: now() + LATER)
    with app.app_context():
        with transaction():
            emit(PurgeDue(now()))
        while run_due():
            pass
    assert not any(_is_there(visitor, address) for address in addresses)


# Files that no row names


def test_what_a_request_left_behind_goes(app, each_store, ann, visitor):  # noqa: F811
    kept = _sent(ann)
    ann.post("/settings/avatar", file=(BytesIO(_picture()), "me.png"))
    face = re.search(r'src="(/files/[^"]+)"', ann.page("/settings"))[1]
    with app.app_context():
        picture, _small = pictures.keep_picture(_picture(color=(1, 1, 1)), owner_id=ann.id)
    each_store.put("a note of somebody's.txt", b"words", "text/plain")
    assert _remove_strays(app, after=timedelta(days=1)) == 0
    assert _is_there(visitor, pictures.url_of(picture.name))
    assert _remove_strays(app) == 1
    assert not _is_there(visitor, pictures.url_of(picture.name))
    assert _is_there(visitor, kept)
    assert visitor.get(face).status_code == 200
    assert each_store.has("a note of somebody's.txt")


def test_each_file_is_looked_at_every_sixteen_days():
    assert {purging.prefix_for_day(now() + timedelta(days=day)) for day in range(16)} == set(purging.NAME_PREFIXES)


def test_a_row_is_written_after_its_files(app, ann, visitor, monkeypatch):
    seen = []
    add = attaching.add_if_new

    def look_first(table, **values):
        seen.append(_is_there(visitor, pictures.url_of(values["name"])))
        return add(table, **values)

    monkeypatch.setattr(attaching, "add_if_new", look_first)
    _sent(ann)
    assert seen == [True]


# Taking one's own picture away


def test_a_person_takes_a_picture_away_that_stands_nowhere(app, each_store, ann, visitor):  # noqa: F811
    answer = _send(ann, _picture()).json
    actor = ann.actor
    with app.app_context(), transaction():
        delete_picture(get_picture(answer["id"], actor), actor=actor)
    assert not _is_there(visitor, answer["url"])
    with app.app_context(), pytest.raises(NotFound):
        get_picture(answer["id"], actor)


def test_what_stands_in_a_text_cannot_be_taken_away(app, ann, visitor):
    answer = _send(ann, _picture()).json
    ann.ask(body=f"Look at this picture of mine: ![]({answer['url']})")
    actor = ann.actor
    with app.app_context(), pytest.raises(Conflict):
        delete_picture(get_picture(answer["id"], actor), actor=actor)
    assert _is_there(visitor, answer["url"])


def test_anothers_picture_is_not_there_for_one(app, ann, eve, dan):
    answer = _send(ann, _picture()).json
    mine = ann.actor
    for other in (eve.actor, dan.actor):
        with app.app_context(), pytest.raises(NotFound):
            get_picture(answer["id"], other)
        with app.app_context(), pytest.raises(Forbidden):
            delete_picture(get_picture(answer["id"], mine), actor=other)


def test_what_was_taken_back_leaves_the_picture_where_it_is(app, ann, visitor):
    answer, actor = _send(ann, _picture()).json, ann.actor
    with app.app_context():
        delete_picture(get_picture(answer["id"], actor), actor=actor)
        db.session.rollback()
    assert _is_there(visitor, answer["url"])
