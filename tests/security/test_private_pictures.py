"""A picture that texts on restricted boards show is sent to those who may see one of these boards, to nobody else."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select, update

from madang.accounts.models import User
from madang.boards.models import Board
from madang.boards.queries import clear_board_caches
from madang.core.db import db, transaction
from madang.core.db.upgrade import MIGRATIONS
from madang.core.storage.pictures import small_name, url_of
from madang.core.ttl_cache import clear_all
from madang.posts.models import Attachment, PictureUse
from tests.api.programs import program_of
from tests.core.storage.test_pictures import _picture, _send
from tests.people import People, Person

pytestmark = pytest.mark.each_database
PUBLIC, PRIVATE = "public, max-age=31536000, immutable", "private, no-cache"


@pytest.fixture
def open_to(app: Flask) -> Callable[..., None]:
    """Sets who may see the board `talk`."""

    def set_readers(readers: str, slug: str = "talk") -> None:
        with app.app_context(), transaction() as session:
            session.execute(update(Board).where(Board.slug == slug).values(readers=readers))
        clear_board_caches()

    return set_readers


def upload(person: Person, colour: int = 120) -> str:
    """Upload a picture that has a thumbnail; returns its address."""
    return _send(person, _picture(size=(900, 700), color=(colour, 90, 40))).json["url"]


def thumbnail(address: str) -> str:
    return url_of(small_name(address.rpartition("/")[2]))


def statuses(person: Person, address: str) -> set[int]:
    """The statuses of the picture and of its thumbnail."""
    return {person.get(path).status_code for path in (address, thumbnail(address))}


def show(person: Person, address: str, board: str = "talk") -> int:
    return person.ask("Shall we look at this?", f"![A yard]({address}) It is the yard that I mean.", board=board)


@pytest.fixture
def moderator(app: Flask, cho: Person) -> Person:
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == cho.id).values(role="moderator"))
    return cho


def test_where_every_board_is_open_caches_keep_each_picture(ann, visitor):
    for address in (upload(ann), thumbnail(upload(ann))):
        answer = visitor.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, PUBLIC)


@pytest.mark.parametrize(
    ("readers", "who_may"), [("members", {"ann", "bob", "dan", "ruth"}), ("staff", {"ann", "dan", "ruth"})]
)
def test_readers_of_the_board_see_it(app, people, ann, visitor, open_to, readers, who_may):
    """Its owner too, who may not see the board any more."""
    address = upload(ann)
    show(ann, address)
    open_to(readers)
    asked = {"visitor": visitor, **{name: people[name] for name in ("ann", "bob", "dan", "ruth")}}
    assert {name for name, person in asked.items() if statuses(person, address) == {200}} == who_may
    assert {name for name, person in asked.items() if statuses(person, address) == {404}} == set(asked) - who_may
    assert people["dan"].get(address).headers["Cache-Control"] == PRIVATE


@pytest.mark.parametrize("place", ["answer", "comment", "edit", "earlier version"])
def test_wherever_it_stands(ann, dan, visitor, open_to, place):
    open_to("staff")
    question, address = dan.ask("Shall we talk?", "About the yard, I think.", board="talk"), upload(dan)
    body = f"![A yard]({address}) It is the yard that I mean."
    if place == "answer":
        open_to("staff", slug="qa")
        dan.answer(dan.ask(), body)
    elif place == "comment":
        dan.comment(question, f"[The yard]({address})")
    else:
        dan.post(f"/posts/{question}/edit", title="Shall we talk?", body=body, tags="", version="1")
        if place == "earlier version":
            dan.post(f"/posts/{question}/edit", title="Shall we talk?", body="No more of it.", tags="", version="2")
    assert statuses(dan, address) == {200}
    assert statuses(ann, address) == statuses(visitor, address) == {404}


def test_a_picture_that_an_open_board_shows_too_is_open(dan, visitor, open_to):
    open_to("staff")
    address = upload(dan)
    show(dan, address)
    assert statuses(visitor, address) == {404}
    show(dan, address, board="notice")
    assert statuses(visitor, address) == {200}
    assert visitor.get(address).headers["Cache-Control"] == PUBLIC


def test_it_follows_a_post_that_moves(dan, visitor, open_to):
    open_to("staff")
    address = upload(dan)
    post = show(dan, address)
    assert dan.post(f"/posts/{post}/move", board="notice", confirmed="1").status_code == 302
    assert statuses(visitor, address) == {200}
    assert dan.post(f"/posts/{post}/move", board="talk").status_code == 302
    assert statuses(visitor, address) == {404}


def test_before_a_text_shows_it_no_cache_keeps_it(dan, visitor, open_to):
    """Its address cannot be guessed; who writes a draft sees it."""
    open_to("staff")
    address = upload(dan)
    assert visitor.get(address).headers["Cache-Control"] == PRIVATE


def test_a_proxy_that_kept_the_public_picture_gets_it_anew_or_not_at_all(ann, dan, visitor, open_to):
    """It asks with the tag and time of its copy, with the cookies of whoever asks it: 304 would make its copy good."""
    address = upload(ann)
    show(ann, address)
    kept = visitor.get(address).headers
    conditions = {"If-None-Match": kept["ETag"], "If-Modified-Since": kept["Last-Modified"]}
    assert visitor.client.get(address, headers=conditions).status_code == 304
    open_to("staff")
    assert visitor.client.get(address, headers=conditions).status_code == 404
    answer = dan.client.get(address, headers=conditions)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, PRIVATE)
    again = dan.client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_somebody_who_may_not_see_it_cannot_show_it_to_others(ann, dan, visitor, open_to):
    """A former reader knows the address."""
    open_to("staff")
    address = upload(dan)
    show(dan, address)
    ann.ask("Look at this", f"![A yard]({address}) was there.")
    ann.post("/messages/new", to="bob", body=f"![A yard]({address})")
    assert statuses(visitor, address) == statuses(ann, address) == {404}
    dan.post("/messages/new", to="ann", body=f"![A yard]({address})")
    assert statuses(ann, address) == {200}


def test_portraits_are_open(app, ann, visitor, open_to):
    open_to("staff")
    assert ann.post("/settings/avatar", file=(BytesIO(_picture()), "me.png")).status_code == 302
    with app.app_context():
        name = db.session.scalar(select(User.avatar_file).where(User.id == ann.id))
    answer = visitor.get(url_of(name))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, PUBLIC)


def test_programs_see_what_their_owners_see(ann, dan, open_to):
    open_to("staff")
    address = upload(dan)
    show(dan, address)
    for person, status in ((dan, 200), (ann, 404)):
        program = program_of(person)
        headers = {"Authorization": f"Bearer {program.token}"}
        assert program.client.get(address, headers=headers).status_code == status, person.username
    for scope, status in (("read", 200), ("messages", 404)):
        secret = program_of(dan).post("/me/tokens", {"name": "A program", "scopes": [scope]}).json["secret"]
        answer = program.client.get(address, headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == status, scope


def test_the_migration_finds_the_pictures_of_all_texts(app, ann, bob, people: People):
    addresses = [upload(ann, colour) for colour in (10, 50, 90, 130, 170)]
    post, body = show(ann, addresses[0]), f"![Another]({addresses[1]}) It is the yard that I mean."
    ann.post(f"/posts/{post}/edit", title="Shall we look at this?", body=body, tags="", version="1")
    ann.comment(post, f"[A third]({addresses[2]})")
    ann.post("/messages/new", to="bob", body=f"![A fourth]({addresses[3]})")

    def found() -> tuple[set[tuple[str, int]], set[str]]:
        with app.app_context():
            uses = select(Attachment.name, PictureUse.post_id).join(PictureUse)
            sent = select(Attachment.name).where(Attachment.is_sent)
            return {tuple(row) for row in db.session.execute(uses)}, set(db.session.scalars(sent))

    names = [address.rpartition("/")[2] for address in addresses]
    assert found() == ({(name, post) for name in names[:3]}, {names[3]})
    with app.app_context():
        db.session.close()
        downgrade(directory=str(MIGRATIONS), revision="20261201_0320")
        upgrade(directory=str(MIGRATIONS))
        assert db.session.scalar(select(func.count()).select_from(Attachment)) == len(addresses)
    clear_all()
    assert found() == ({(name, post) for name in names[:3]}, {names[3]})
