"""Staff pages of tags."""

import re

import pytest
from sqlalchemy import select

from madang.core.db import db
from madang.posts.operations.retagging import BATCH_SIZE
from madang.tags.models import Tag
from madang.tags.queries.listing import MANAGED_PER_PAGE
from tests.accounts.mailbox import run_jobs
from tests.admin.helpers import staff_actions, wrong_counts


def _id(app, name: str) -> int:
    with app.app_context():
        return db.session.scalars(select(Tag.id).where(Tag.name == name)).one()


def _names(page: str) -> list[str]:
    return re.findall(r'href="/admin/tags/\d+">([^<]+)</a>', page)


def test_tags_are_searched_sorted_and_counted(dan, ann):
    ann.ask("First of the two?", tags="yard garden")
    ann.ask("Second of the two?", tags="yard")
    assert _names(dan.page("/admin/tags")) == ["yard", "garden"]
    assert _names(dan.page("/admin/tags?sort=name")) == ["garden", "yard"]
    assert _names(dan.page("/admin/tags?q=GA")) == ["garden"]
    assert "No tag starts like that" in dan.page("/admin/tags?q=ard")


def test_a_long_list_is_paginated(app, dan, ann):
    ann.ask(tags="yard")
    for number in range(MANAGED_PER_PAGE + 4):
        assert dan.post("/admin/tags/add", name=f"tag{number:03}").status_code == 302
    for sort in ("used", "name"):
        page = dan.page(f"/admin/tags?sort={sort}")
        following = re.search(r'href="([^"]+after=[^"]+)" rel="next"', page)[1].replace("&amp;", "&")
        assert len(set(_names(page)) | set(_names(dan.page(following)))) == MANAGED_PER_PAGE + 5


def test_a_tag_is_renamed_and_the_old_name_becomes_a_synonym(app, dan, ann, visitor):
    question = ann.ask(tags="js yard")
    tag = _id(app, "js")
    confirmation = dan.post(f"/admin/tags/{tag}", name="JavaScript")
    assert '<a href="/admin/tags" aria-current="page">' in confirmation.text, "the confirmation is a staff page"
    assert (
        "The tag “js” will be renamed to “javascript”." in confirmation.text
        and "1 post will show the new name." in confirmation.text
    )
    visitor.page("/tags/javascript", 404)
    dan.post(f"/admin/tags/{tag}", name="JavaScript", confirmed="1")
    run_jobs(app)
    assert visitor.get("/tags/js").location.endswith("/tags/javascript")
    page = visitor.page(f"/posts/{question}")
    assert 'href="/tags/javascript"' in page and 'href="/tags/js"' not in page
    other = ann.ask("Another question with it?", tags="js")
    assert 'href="/tags/javascript"' in visitor.page(f"/posts/{other}")
    assert staff_actions(app) == [("rename_tag", tag)]
    assert wrong_counts(app) == []


def test_a_tag_gets_its_old_name_back(app, dan, ann):
    ann.ask(tags="js")
    tag = _id(app, "js")
    for name in ("javascript", "js"):
        assert dan.post(f"/admin/tags/{tag}", name=name, confirmed="1").status_code == 302
    assert _names(dan.page("/admin/tags")) == ["js"]
    assert "javascript" in dan.page("/admin/tags")


def test_two_tags_are_merged(app, dan, ann, bob, visitor):
    both = ann.ask("Has both of them?", tags="js javascript yard")
    one = ann.ask("Has one of them?", tags="js")
    deleted = ann.ask("Has one and is deleted?", tags="js")
    dan.post(f"/posts/{deleted}/delete")
    dan.post(f"/admin/tags/{_id(app, 'js')}/synonyms", synonym="ecma")
    source_id = _id(app, "js")
    page = dan.page(f"/admin/tags/{source_id}/merge?into=JavaScript")
    assert "2 posts will have the tag “javascript” instead." in page
    assert dan.post(f"/admin/tags/{source_id}/merge", into="javascript").status_code == 302
    run_jobs(app)
    listed = visitor.page("/tags/javascript")
    assert "Has both of them?" in listed and "Has one of them?" in listed
    for word in ("js", "ecma"):
        assert visitor.get(f"/tags/{word}").location.endswith("/tags/javascript")
    for post in (both, one):
        page = visitor.page(f"/posts/{post}")
        assert page.count('rel="tag">javascript<') == 1 and ">js<" not in page
    dan.post(f"/posts/{deleted}/restore")
    assert 'rel="tag">javascript<' in visitor.page(f"/posts/{deleted}")
    dan.page(f"/admin/tags/{source_id}", 404)
    assert wrong_counts(app) == []


def test_followers_of_a_merged_tag_follow_the_target(app, dan, ann, bob):
    ann.ask(tags="js javascript")
    for person, tag in ((ann, "js"), (ann, "javascript"), (bob, "js")):
        assert person.post(f"/tags/{tag}/follow", value=1).status_code == 302
    dan.post(f"/admin/tags/{_id(app, 'js')}/merge", into="javascript")
    assert wrong_counts(app) == []
    with app.app_context():
        assert db.session.scalars(select(Tag.follower_count).where(Tag.name == "javascript")).one() == 2


def test_many_posts_are_retagged_in_batches(app, dan, ann, monkeypatch):
    monkeypatch.setattr("madang.posts.operations.retagging.BATCH_SIZE", 2)
    posts = [ann.ask(f"Question number {number}?", tags="js") for number in range(5)]
    dan.post(f"/admin/tags/{_id(app, 'js')}", name="javascript", confirmed="1")
    run_jobs(app)
    assert BATCH_SIZE > 2
    assert all(">javascript<" in ann.page(f"/posts/{post}") for post in posts)


def test_synonyms_are_added_and_removed(app, dan, ann, visitor):
    ann.ask(tags="javascript yard")
    tag = _id(app, "javascript")
    dan.post(f"/admin/tags/{tag}/synonyms", synonym="JS")
    question = ann.ask("Which tag do I get?", tags="js")
    assert 'href="/tags/javascript"' in visitor.page(f"/posts/{question}")
    for word in ("yard", "javascript", "a b/c", ""):
        assert dan.post(f"/admin/tags/{tag}/synonyms", synonym=word).status_code == 422
    assert dan.post(f"/admin/tags/{_id(app, 'yard')}/synonyms", synonym="js").status_code == 422
    dan.post(f"/admin/tags/{tag}/synonyms/delete", synonym="js")
    visitor.page("/tags/js", 404)
    assert dan.post(f"/admin/tags/{tag}/synonyms/delete", synonym="js").status_code == 404
    assert [verb for verb, _id in staff_actions(app)] == ["add_synonym", "remove_synonym"]


@pytest.mark.parametrize("name", ["", "a b/c", "yard", "x" * 51])
def test_an_invalid_name_gets_an_error_at_its_field(app, dan, ann, name):
    ann.ask(tags="js yard")
    for path in ("/admin/tags/add", f"/admin/tags/{_id(app, 'js')}"):
        refused = dan.post(path, name=name, confirmed="1")
        assert refused.status_code == 422 and 'id="name-error"' in refused.text


def test_only_an_unused_tag_can_be_deleted(app, dan, ann, visitor):
    question = ann.ask(tags="yard")
    tag = _id(app, "yard")
    assert "Merge it into another one instead." in dan.page(f"/admin/tags/{tag}/delete")
    assert dan.post(f"/admin/tags/{tag}/delete").status_code == 409
    ann.post(f"/posts/{question}/delete")
    assert dan.post(f"/admin/tags/{tag}/delete").status_code == 302
    visitor.page("/tags/yard", 404)
    dan.post(f"/posts/{question}/restore")
    visitor.page("/tags/yard")
    assert ("delete_tag", tag) in staff_actions(app)


def test_members_cannot_manage_tags(app, ann):
    ann.ask(tags="yard")
    tag = _id(app, "yard")
    for path in ("add", f"{tag}", f"{tag}/synonyms", f"{tag}/synonyms/delete", f"{tag}/merge", f"{tag}/delete"):
        assert ann.post(f"/admin/tags/{path}", name="x", into="yard").status_code == 404
