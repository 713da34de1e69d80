"""Spellings of one tag, what separates tags, and tags that earlier versions stored in another form."""

import pytest

from madang.core.clock import now
from madang.core.db import transaction
from madang.tags.models import Tag, TagSynonym
from tests.api.programs import program_of

pytestmark = pytest.mark.each_database


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("나무，돌、집", ["나무", "돌", "집"]),
        ("＃나무 #돌", ["나무", "돌"]),
        ("straße strasse STRASSE", ["strasse"]),
        ("İstanbul istanbul", ["istanbul"]),
        ("ＰＹＴＨＯＮ，python", ["python"]),
        ("py\u200bthon py\ufe0fthon", ["python"]),
    ],
)
def test_spellings_of_a_tag_are_one_and_commas_of_all_kinds_separate(ann, typed, tags):
    post = ann.ask(tags=typed)
    assert program_of(ann).read(f"/posts/{post}")["tags"] == tags


def store(app, name: str, *synonyms: str) -> None:
    with app.app_context(), transaction() as session:
        tag = Tag(name=name, created_at=now(), post_count=0)
        session.add(tag)
        session.flush()
        session.add_all(TagSynonym(name=each, tag_id=tag.id) for each in synonyms)


def test_a_tag_with_an_older_form_of_its_name_keeps_its_posts(app, ann, dan, visitor):
    store(app, "straße", "strasse")  # the synonym is from the migration
    post = ann.ask(tags="straße")
    assert program_of(ann).read(f"/posts/{post}")["tags"] == ["straße"]
    assert visitor.get("/tags/straße").status_code == 200
    assert visitor.get("/tags/strasse").status_code == 302
    assert program_of(dan).patch("/admin/tags/straße", {"name": "road"}).status_code == 200


def test_two_tags_of_which_one_has_an_older_form_are_both_reachable(app, ann, visitor):
    store(app, "straße")
    store(app, "strasse")
    for name in ("straße", "strasse"):
        assert visitor.get(f"/tags/{name}").status_code == 200
