"""Fields that another slice adds to the form of a post."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import pytest
from flask import Flask
from markupsafe import Markup, escape
from wtforms import StringField

from madang.core.actor import Actor
from madang.core.errors import Forbidden
from madang.core.web import slots
from madang.core.web.forms import Form
from madang.posts.fragments.slots import POST_PARTS
from madang.posts.models import Post
from madang.slices import SLICES
from tests.api.programs import program_of
from tests.people import Person


class MoodFields(Form):
    mood_word = StringField("mood_word")


class MoodPart:
    """A post's mood, which is kept in memory."""

    fields = MoodFields

    def __init__(self) -> None:
        self.moods: dict[int, str] = {}

    def suits(self, kind: str) -> bool:
        return kind in ("talk", "question")

    def values(self, post: Post | None, draft: Mapping[str, str]) -> Mapping[str, str]:
        stored = self.moods.get(post.id, "") if post else ""
        return {"mood_word": draft.get("mood_word", stored)}

    def render(self, form: Form, post: Post | None) -> Markup:
        problem = escape(" ".join(form["mood_word"].errors))
        return Markup('<input name="mood_word" value="{}"><i>{}</i>').format(form.text("mood_word"), problem)

    def errors(self, form: Form, kind: str) -> Mapping[str, str]:
        return {"mood_word": f"No moods on {kind}."} if form.text("mood_word") == "bad" else {}

    def save(self, form: Form, post: Post, *, actor: Actor, now: datetime) -> None:
        if form.text("mood_word") == "forbidden":
            raise Forbidden("Not this mood.")
        self.moods[post.id] = form.text("mood_word")


@pytest.fixture
def part(app: Flask) -> Iterator[MoodPart]:
    """The part, in the forms of `app` during the test."""
    mine = MoodPart()
    slots.connect([POST_PARTS.filled_by(mine)])
    yield mine
    slots.connect(filling for each in SLICES for filling in each.slots)


def test_a_part_is_in_both_forms_of_a_post_and_saved_with_it(part: MoodPart, ann: Person):
    assert 'name="mood_word" value=""' in ann.page("/posts/new")
    response = ann.post("/posts/new", board="talk", title="A merry yard", body="Sing.", mood_word="merry")
    (post_id,) = part.moods
    assert response.status_code == 302
    assert part.moods == {post_id: "merry"}
    assert 'name="mood_word" value="merry"' in ann.page(f"/posts/{post_id}/edit")
    ann.post(f"/posts/{post_id}/edit", title="A merry yard", body="Sing!", mood_word="calm", version=1)
    assert part.moods == {post_id: "calm"}


def test_its_errors_are_shown_together_with_those_of_the_post(part: MoodPart, ann: Person):
    response = ann.post("/posts/new", board="talk", title="A", body="Sing.", mood_word="bad")
    assert response.status_code == 422
    assert "<i>No moods on talk.</i>" in response.text
    assert "Titles have 2 to 150 characters." in response.text
    assert part.moods == {}


def test_a_post_whose_part_is_invalid_is_not_published(part: MoodPart, ann: Person):
    response = ann.post("/posts/new", board="talk", title="A bad yard", body="Sing.", mood_word="bad")
    assert response.status_code == 422 and "<i>No moods on talk.</i>" in response.text
    assert "A bad yard" not in ann.page("/boards/talk")


def test_a_post_whose_part_is_refused_is_not_published(part: MoodPart, ann: Person):
    response = ann.post("/posts/new", board="talk", title="A forbidden yard", body="Sing.", mood_word="forbidden")
    assert response.status_code == 403
    assert "A forbidden yard" not in ann.page("/boards/talk")


def test_a_part_is_not_saved_with_a_post_that_it_does_not_suit(part: MoodPart, ann: Person, dan: Person):
    """Neither with a new one nor with one that was moved to a board of another kind, whose form does not have it."""
    dan.post("/posts/new", board="notice", title="A grave notice", body="Listen.", mood_word="calm")
    assert part.moods == {}
    post_id = ann.ask("A merry yard", board="talk")
    assert part.moods == {post_id: ""}
    dan.post(f"/posts/{post_id}/move", board="notice")
    assert (
        dan.post(f"/posts/{post_id}/edit", title="A merry yard", body="Sing!", mood_word="x", version=1).status_code
        == 302
    )
    assert part.moods == {post_id: ""}


def test_an_answer_has_no_parts(part: MoodPart, ann: Person, bob: Person):
    answer_id = bob.answer(ann.ask())
    assert "mood_word" not in bob.page(f"/posts/{answer_id}/edit")
    bob.post(f"/posts/{answer_id}/edit", body="Lift it gently and walk very slowly.", mood_word="merry", version=1)
    assert part.moods.keys() == {answer_id - 1}


def test_a_draft_keeps_the_fields_of_a_part(part: MoodPart, ann: Person):
    ann.post("/posts/drafts", key="post", board="talk", mood_word="merry", unknown="field")
    assert 'name="mood_word" value="merry"' in ann.page("/posts/new?draft=post")
    draft = program_of(ann).get("/drafts/post").json
    assert (draft["board"], draft["parts"]) == ("talk", {"mood_word": "merry"})


def test_a_draft_of_the_api_keeps_the_fields_of_a_part_and_refuses_unknown_ones(part: MoodPart, ann: Person):
    program = program_of(ann)
    assert program.put("/drafts/post", {"title": "A yard", "parts": {"mood_word": "calm"}}).status_code == 204
    assert 'name="mood_word" value="calm"' in ann.page("/posts/new?draft=post")
    refused = program.put("/drafts/post", {"parts": {"moon": "full"}})
    assert (refused.status_code, refused.json["errors"]) == (422, {"parts": "There are only these fields: mood_word."})
