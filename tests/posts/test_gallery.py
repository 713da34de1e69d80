"""Gallery boards, whose lists show a picture of each post."""

import re
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import event, update

from madang.boards.operations.counting import insert_board
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.ttl_cache import clear_all
from madang.posts.models import Attachment
from tests.core.storage.test_pictures import _picture, _send

pytestmark = pytest.mark.each_database


@pytest.fixture
def gallery(app):
    with app.app_context(), transaction():
        insert_board(slug="pictures", kind="gallery", name="Pictures", now=now())


def _upload(person, size=(1200, 600), kind="JPEG") -> str:
    """Upload a new picture and return its address."""
    return _send(person, _picture(kind, size=size)).json["url"]


def _post_to_gallery(person, body: str, title: str = "The yard in snow") -> int:
    return person.ask(title, body, board="pictures")


def _tile(page: str) -> str:
    return page.partition('<li class="tile">')[2].partition("</li>")[0]


def _cover(page: str) -> tuple[str, int, int]:
    address, width, height = re.search(r'<img src="([^"]+)" alt="" width="(\d+)" height="(\d+)"', _tile(page)).groups()
    return address, int(width), int(height)


def test_a_gallery_shows_the_thumbnail_of_the_first_picture_with_its_size(gallery, ann, visitor):
    first, second = _upload(ann), _upload(ann, (50, 40), "PNG")
    post = _post_to_gallery(ann, f"Look:\n\n![snow]({first})\n\n![more]({second})")
    page = visitor.page("/boards/pictures")
    address, width, height = _cover(page)
    assert (width, height) == (480, 240)
    assert address == first.replace(".jpg", "-small.webp")
    assert Image.open(BytesIO(visitor.get(address).data)).size == (480, 240)
    assert 'loading="lazy"' in _tile(page)
    assert f'href="/posts/{post}/the-yard-in-snow" data-row>' in page
    assert 'class="row"' not in page


def test_a_small_picture_keeps_its_size(gallery, ann, visitor):
    _post_to_gallery(ann, f"![]({_upload(ann, (50, 40), 'PNG')})")
    assert _cover(visitor.page("/boards/pictures"))[1:] == (50, 40)


@pytest.mark.parametrize(
    "body",
    [
        "![elsewhere](https://example.org/a.png)",
        f"![gone](/files/{'0' * 32}.webp)",
        "![odd](/files/..%2f..%2fsecret.png)",
    ],
)
def test_a_post_without_a_hosted_picture_has_a_tile(gallery, ann, visitor, body):
    _post_to_gallery(ann, body)
    tile = _tile(visitor.page("/boards/pictures"))
    assert "The yard in snow" in tile
    assert "<img" not in tile


@pytest.mark.parametrize("body", ["No picture at all", "`![](/files/x.png)`"])
def test_a_moved_post_without_a_picture_has_a_tile(gallery, ann, dan, visitor, body):
    dan.post(f"/posts/{ann.ask('The yard in snow', body, board='talk')}/move", board="pictures")
    tile = _tile(visitor.page("/boards/pictures"))
    assert "The yard in snow" in tile
    assert "<img" not in tile


def test_a_picture_without_a_thumbnail_is_shown_itself(app, gallery, ann, visitor):
    address = _upload(ann)
    with app.app_context(), transaction() as session:
        session.execute(update(Attachment).values(thumbnail_width=None, thumbnail_height=None))
    _post_to_gallery(ann, f"![]({address})")
    assert _cover(visitor.page("/boards/pictures")) == (address, 1200, 600)


def test_an_edit_changes_the_cover(gallery, ann, visitor):
    first, second = _upload(ann), _upload(ann, (50, 40), "PNG")
    post = _post_to_gallery(ann, f"![]({first})")
    edit = {"title": "The yard in snow", "body": f"![]({second})", "version": "1"}
    assert ann.post(f"/posts/{post}/edit", **edit).status_code == 302
    assert _cover(visitor.page("/boards/pictures"))[1:] == (50, 40)


def test_only_posts_on_a_gallery_have_a_cover(gallery, ann, dan, visitor):
    post = ann.ask("The yard in snow", f"![]({_upload(ann)})", board="talk")
    assert "tile" not in visitor.page("/boards/talk")
    dan.post(f"/posts/{post}/move", board="pictures")
    assert _cover(visitor.page("/boards/pictures"))[1:] == (480, 240)
    dan.post(f"/posts/{post}/move", board="talk")
    assert "-small.webp" not in visitor.page("/boards/talk")


def test_a_pinned_post_is_a_tile_too(gallery, ann, dan, visitor):
    post = _post_to_gallery(ann, f"![]({_upload(ann)})")
    dan.post(f"/posts/{post}/pin", value="1")
    page = visitor.page("/boards/pictures")
    assert page.count('<li class="tile">') == 2
    assert "Pinned" in _tile(page)


def _query_count(app, visitor) -> int:
    """The number of statements that the page of the gallery takes with empty caches."""
    statements = []
    with app.app_context():
        engine = db.engine
    clear_all()
    event.listen(engine, "before_cursor_execute", record := lambda *arguments: statements.append(arguments[2]))
    visitor.page("/boards/pictures")
    event.remove(engine, "before_cursor_execute", record)
    return len(statements)


def test_the_number_of_queries_does_not_depend_on_the_pictures(app, gallery, ann, visitor):
    _post_to_gallery(ann, f"![]({_upload(ann)})")
    one = _query_count(app, visitor)
    for number in range(4):
        _post_to_gallery(ann, f"![]({_upload(ann)})", f"Picture number {number}")
    assert _query_count(app, visitor) == one > 0
