"""The list of tags, the page of a tag, completion and descriptions."""

import pytest

from madang.core.actor import COMMAND_LINE
from madang.core.db import db, transaction
from madang.tags.models import TagSynonym
from madang.tags.queries.tags import get_tag
from tests.people import BODY

pytestmark = pytest.mark.each_database


def test_the_list_shows_tags_the_most_used_first(ann, visitor):
    ann.ask("The first question", tags="garden 정원")
    ann.ask("The second question", tags="garden")
    cards = visitor.page("/tags").partition('<ul class="cards">')[2]
    assert cards.index(">garden<") < cards.index(">정원<")
    assert "2 posts" in cards
    assert "1 post<" in cards


def test_the_filter_finds_tags_by_a_part_of_their_names(ann, visitor):
    ann.ask(tags="visual-studio 정원사 c++")
    for part, name in (
        ("studio", "visual-studio"),
        ("Visual Studio", "visual-studio"),
        ("원사", "정원사"),
        ("c%2B%2B", "c++"),
    ):
        cards = visitor.page(f"/tags?q={part}").partition('<ul class="cards">')[2].partition("</ul>")[0]
        assert f">{name}<" in cards
        assert cards.count("<li>") == 1


@pytest.mark.parametrize("typed", ["zzz", "%25", "_", "%00", "\\", "'", "%F0%9F%8D%BA", "x" * 300])
def test_a_filter_without_results_says_so(ann, visitor, typed):
    ann.ask(tags="garden")
    page = visitor.page(f"/tags?q={typed}")
    assert "No tag has" in page or ">garden<" in page


def test_no_tags_yet(visitor):
    assert "No tags yet" in visitor.page("/tags")


def test_the_page_of_a_tag_lists_its_posts(ann, visitor):
    ann.ask("A question about gardens", tags="garden")
    ann.ask("A talk about gardens", tags="garden", board="talk")
    ann.ask("A question about wells", tags="well")
    page = visitor.page("/tags/garden")
    assert "A question about gardens" in page
    assert "A talk about gardens" in page
    assert "about wells" not in page


def test_a_synonym_redirects_to_its_tag(app, ann, visitor):
    ann.ask(tags="javascript")
    with app.app_context(), transaction():
        db.session.add(TagSynonym(name="js", tag_id=get_tag("javascript", COMMAND_LINE).id))
    assert visitor.get("/tags/js").location == "/tags/javascript"


@pytest.mark.parametrize("path", ["/tags/none", "/tags/%F0%9F%8D%BA", "/tags/none/edit", "/questions?tag=none"])
def test_an_unknown_tag_is_not_found(dan, path):
    assert dan.get(path).status_code == 404


def test_a_tag_named_complete_has_a_page(ann, visitor):
    ann.ask("A question that is complete", tags="complete")
    assert "A question that is complete" in visitor.page("/tags/complete")
    assert visitor.get("/tags/complete?q=comp").get_json() == [{"name": "complete", "post_count": 1}]


def test_completion_lists_the_most_used_first(ann, visitor):
    ann.ask("The first question", tags="garden gate")
    ann.ask("The second question", tags="gate")
    assert [tag["name"] for tag in visitor.get("/tags/complete?q=ga").get_json()] == ["gate", "garden"]
    assert visitor.get("/tags/complete?q=").get_json() == []


def test_moderators_describe_a_tag(ann, dan, visitor):
    ann.ask(tags="garden")
    response = dan.post("/tags/garden/edit", excerpt="What grows.", description="Not for **wells**. <script>x</script>")
    page = dan.follow(response)
    assert "What grows." in page
    assert "<strong>wells</strong>" in page
    assert "<script>x" not in page
    assert "What grows." in visitor.page("/tags")
    assert "What grows." in visitor.page("/questions?tag=garden")
    assert "Not for **wells**." in dan.page("/tags/garden/edit")


def test_others_cannot_describe_a_tag(ann, eve, visitor):
    ann.ask(tags="garden")
    assert eve.get("/tags/garden/edit").status_code == 403
    assert eve.post("/tags/garden/edit", excerpt="Mine").status_code == 403
    assert visitor.get("/tags/garden/edit").location.startswith("/auth/login")
    assert "/tags/garden/edit" not in eve.page("/tags/garden")
    assert "Mine" not in visitor.page("/tags/garden")


def test_a_too_long_description_is_refused_and_shown_again(ann, dan):
    ann.ask(tags="garden")
    response = dan.post("/tags/garden/edit", excerpt="x" * 301, description="y" * 5001)
    assert response.status_code == 422
    assert "Please shorten this to 300 characters." in response.text
    assert "Please shorten this to 5000 characters." in response.text
    assert "y" * 5001 in response.text


def test_the_list_is_paginated(app, ann, visitor):
    for number in range(13):
        ann.ask(f"Question number {number}", body=BODY, tags=" ".join(f"tag{number}-{part}" for part in range(5)))
    assert visitor.page("/tags?page=2").partition('<ul class="cards">')[2].count("<small>") >= 5


def test_page_links_escape_the_name_of_the_tag(app, ann, visitor):
    app.config["POSTS_PER_PAGE"] = 1
    for number in range(2):
        ann.ask(f"Question number {number}?", tags="c#")
    assert 'href="/tags/c%23?page=2"' in visitor.page("/tags/c%23")
