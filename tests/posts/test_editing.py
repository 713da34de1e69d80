"""Edits, revisions, and conflicting edits."""

import pytest

from madang.posts.fragments import changes
from madang.posts.queries.diff import diff_lines
from tests.people import BODY

pytestmark = pytest.mark.each_database

NEW_BODY = "I tried the obvious things, and two more since yesterday."


def _edit(person, post, version=1, **fields):
    words = {"title": "How do I move a yard?", "body": NEW_BODY, "tags": ""}
    return person.post(f"/posts/{post}/edit", version=version, **{**words, **fields})


def test_an_edit_by_the_author_is_shown_with_a_link_to_revisions(ann, visitor):
    question = ann.ask()
    page = ann.follow(_edit(ann, question, title="How do I move my yard?"))
    assert "How do I move my yard?" in page
    assert NEW_BODY in page
    assert f"/posts/{question}/revisions" in visitor.page(f"/posts/{question}")


def test_others_cannot_edit(ann, eve, visitor):
    question = ann.ask()
    assert eve.get(f"/posts/{question}/edit").status_code == 403
    assert _edit(eve, question).status_code == 403
    assert BODY in visitor.page(f"/posts/{question}")


def test_moderators_and_trusted_members_can_edit(ann, bob, dan, app):
    question = ann.ask()
    assert _edit(dan, question).status_code == 302
    assert _edit(bob, question, version=2, body=BODY + " Indeed.").status_code == 403
    _add_reputation(app, bob, 1000)
    assert _edit(bob, question, version=2, body=BODY + " Indeed.").status_code == 302


def test_the_refusal_says_who_can_edit(ann, cho, eve, dan):
    question, talk = ann.ask(), ann.ask("About yards in general", board="talk")
    assert "members with 1,000 reputation or more can edit this" in _edit(eve, question).text
    assert "1,000 이상인 회원" in cho.page(f"/posts/{question}/edit", 403)
    assert "Only its author and moderators can edit this." in eve.page(f"/posts/{talk}/edit", 403)
    dan.post(f"/posts/{question}/lock", value=1)
    assert "This is locked" in ann.page(f"/posts/{question}/edit", 403)
    assert "This is locked" in _edit(ann, question).text


def _add_reputation(app, person, points):
    from madang.core.db import transaction
    from madang.votes.operations.reputation import add_reputation

    with app.app_context(), transaction():
        add_reputation(person.id, points)


def test_every_edit_is_a_revision_that_can_be_reverted(ann, visitor):
    question = ann.ask()
    _edit(ann, question, summary="more of what I tried")
    page = visitor.page(f"/posts/{question}/revisions")
    assert "more of what I tried" in page
    assert "revision-1" in page
    assert "revision-2" in page
    assert ann.post(f"/posts/{question}/revisions/1/revert").status_code == 302
    assert BODY in visitor.page(f"/posts/{question}")
    assert "revision-3" in visitor.page(f"/posts/{question}/revisions")


def test_saving_unchanged_text_makes_no_revision(ann, visitor):
    question = ann.ask()
    _edit(ann, question, body=BODY)
    assert "revision-1" not in visitor.page(f"/posts/{question}/revisions")


def test_a_conflicting_edit_shows_both_texts(ann, dan, visitor):
    question = ann.ask()
    _edit(dan, question, body="The moderator wrote this meanwhile.")
    response = _edit(ann, question, body="And this is what Ann had typed.")
    assert response.status_code == 409
    assert "And this is what Ann had typed." in response.text
    assert "The moderator wrote this meanwhile." in response.text
    assert 'name="version" value="2"' in response.text
    assert "The moderator wrote this meanwhile." in visitor.page(f"/posts/{question}")
    assert _edit(ann, question, version=2, body="Both brought together at last.").status_code == 302


def test_an_edited_question_changes_its_tags(ann, visitor):
    question = ann.ask(tags="flask sqlite")
    _edit(ann, question, tags="flask, 파이썬")
    assert visitor.page("/questions?tag=파이썬").count('class="row"') == 1
    assert 'class="row"' not in visitor.page("/questions?tag=sqlite")


def test_an_invalid_version_is_a_conflict(ann):
    question = ann.ask()
    for version in ("", "abc", "-1", "99999999999999999999"):
        assert _edit(ann, question, version=version).status_code == 409


def test_revisions_are_paginated(ann, visitor):
    question = ann.ask()
    for version in range(1, 13):
        ann.post(
            f"/posts/{question}/edit",
            title="How do I move a yard?",
            body=f"Text number {version} of it.",
            version=version,
        )
    first, second = (visitor.page(f"/posts/{question}/revisions?page={number}") for number in (1, 2))
    assert [f'id="revision-{number}"' in first for number in (13, 4, 3)] == [True, True, False]
    assert [f'id="revision-{number}"' in second for number in (4, 3, 1)] == [False, True, True]
    assert "<del>4</del>" not in second and "Text number" in second
    assert "/revisions/13/revert" not in ann.page(f"/posts/{question}/revisions")
    assert f"/posts/{question}/revisions/3/revert" in ann.page(f"/posts/{question}/revisions?page=2")


def test_a_long_change_is_shown_in_part_and_whole_on_a_page_of_its_own(ann, visitor):
    question = ann.ask(body="\n".join(f"old {number}" for number in range(300)))
    new_lines = [f"new {number} <b>" for number in range(300)]
    _edit(ann, question, body="\n".join(new_lines), summary="All of it")
    page = visitor.page(f"/posts/{question}/revisions")
    assert page.count('<tr class="removed">') == 50
    assert page.count('<tr class="added">') == 50 + 100, "of the second text, and of the first"
    assert page.count("There are more changes.") == 2
    assert f'href="/posts/{question}/revisions/2"' in page
    whole = visitor.page(f"/posts/{question}/revisions/2")
    assert (whole.count('<tr class="removed">'), whole.count('<tr class="added">')) == (300, 300)
    assert "There are more changes." not in whole
    assert "All of it" in whole and "\n".join(new_lines).replace("<b>", "&lt;b&gt;") in whole
    assert visitor.page(f"/posts/{question}/revisions/1").count('<tr class="added">') == 300


def test_a_revision_has_a_page_as_long_as_its_post_is_visible(ann, visitor):
    question = ann.ask()
    assert visitor.get(f"/posts/{question}/revisions/1").status_code == 404
    _edit(ann, question)
    assert visitor.get(f"/posts/{question}/revisions/3").status_code == 404
    assert visitor.get(f"/posts/{question}/revisions/2").status_code == 200
    ann.post(f"/posts/{question}/delete")
    assert visitor.get(f"/posts/{question}/revisions/2").status_code == 410


def test_ten_long_revisions_are_a_short_page(app, ann, visitor, monkeypatch):
    """Each is compared once, and little of each is printed."""
    compared = []
    monkeypatch.setattr(changes, "diff_lines", lambda *texts: compared.append(texts[:2]) or diff_lines(*texts))
    question = ann.ask()
    for version in range(1, 11):
        lines = (f"<{line % 3}> & {line % 7} {line * version % 50}" for line in range(6_000))
        assert _edit(ann, question, version=version, body="\n".join(lines)).status_code == 302
    page = visitor.page(f"/posts/{question}/revisions")
    assert len(page) < 1_000_000
    assert visitor.page(f"/posts/{question}/revisions?again=1").count("revision-2") == page.count("revision-2")
    assert len(compared) == len(set(compared)) == 10
