"""A form or draft that began with another poll than the post has now, and posts that left the talk boards."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from madang.core.clock import now
from madang.core.db import db
from madang.core.local_time import format_moment
from madang.polls.models import Poll
from madang.polls.policies import has_ended
from tests.api.programs import program_of
from tests.people import People, Person

from .polls import CHOICES, QUESTION, begun, choice_ids, edit_poll, results, send_poll, vote, write_poll, wrong_counters

pytestmark = pytest.mark.each_database

POLL = {"question": QUESTION, "choices": list(CHOICES)}


def stored(app: Flask, post: int) -> Poll | None:
    with app.app_context():
        return db.session.scalar(select(Poll).where(Poll.post_id == post))


def test_an_edit_that_began_before_the_poll_does_not_delete_it(app: Flask, ann: Person, bob: Person, dan: Person):
    post = ann.ask("Our next meeting", body="Please vote.", board="talk")
    form = begun(dan, post)
    program_of(ann).put(f"/posts/{post}/poll", POLL)
    vote(bob, post, "The yard")
    sent = edit_poll(dan, post, body="Please vote!", poll_begun=form, poll_question="", poll_choices="")
    assert sent.status_code == 302
    assert "Please vote!" in bob.page(f"/posts/{post}")
    assert stored(app, post).voter_count == 1


def test_an_edit_that_began_before_the_end_does_not_reopen_the_poll(app: Flask, ann: Person, dan: Person):
    post = write_poll(ann)
    form = begun(dan, post)
    ann.post(f"/posts/{post}/poll/end")
    assert edit_poll(dan, post, body="Please vote!", poll_begun=form).status_code == 302
    assert has_ended(stored(app, post), now())


def test_a_changed_poll_is_replaced_only_after_a_warning(app: Flask, ann: Person, dan: Person):
    post = write_poll(ann)
    form = begun(dan, post)
    edit_poll(ann, post, poll_question="Where in the garden?")
    warned = edit_poll(dan, post, poll_begun=form, poll_question="Where in the yard?")
    assert warned.status_code == 422 and "Someone has changed this poll in the meantime" in warned.text
    assert 'value="Where in the yard?"' in warned.text
    assert stored(app, post).question == "Where in the garden?"
    again = warned.text.partition('name="poll_begun" type="hidden" value="')[2].partition('"')[0]
    assert edit_poll(dan, post, poll_begun=again, poll_question="Where in the yard?").status_code == 302
    assert stored(app, post).question == "Where in the yard?"


def test_the_same_change_by_two_needs_no_warning(app: Flask, ann: Person, dan: Person):
    post = write_poll(ann)
    form = begun(dan, post)
    for person in (ann, dan):
        assert edit_poll(person, post, poll_begun=form, poll_question="Where in the yard?").status_code == 302
    assert stored(app, post).version == 2


def test_a_draft_without_a_change_of_the_poll_shows_the_present_one(app: Flask, ann: Person):
    post = write_poll(ann)
    draft = {"poll_question": QUESTION, "poll_choices": "\n".join(CHOICES), "poll_begun": begun(ann, post)}
    ann.post("/posts/drafts", key=f"edit:{post}:1", title="Our next meeting", body="A new text.", **draft)
    ann.post(f"/posts/{post}/poll/end")
    page = ann.page(f"/posts/{post}/edit")
    assert "A new text." in page
    assert f'value="{format_moment(stored(app, post).closes_at, "UTC")}"' in page


def test_a_draft_with_a_change_of_the_poll_keeps_it(ann: Person):
    post = write_poll(ann)
    draft = {"poll_question": "Or elsewhere?", "poll_choices": "\n".join(CHOICES), "poll_begun": begun(ann, post)}
    ann.post("/posts/drafts", key=f"edit:{post}:1", title="Our next meeting", body="Please vote.", **draft)
    assert 'value="Or elsewhere?"' in ann.page(f"/posts/{post}/edit")


def test_a_post_sent_again_without_its_poll_keeps_the_poll(app: Flask, ann: Person):
    post = write_poll(ann)
    assert send_poll(ann, poll_question="", poll_choices="").status_code == 302
    assert stored(app, post) is not None


@pytest.mark.parametrize("name", ["ann", "dan"])
def test_a_moved_post_can_be_edited_and_keeps_its_poll(app: Flask, people: People, ann: Person, bob: Person, name: str):
    post, editor, staff = write_poll(ann), people[name], people["dan"]
    vote(bob, post, "The yard")
    assert staff.post(f"/posts/{post}/move", board="qa").status_code == 302
    assert "poll_question" not in editor.page(f"/posts/{post}/edit")
    words = {"title": "Our next meeting", "body": "Please vote again.", "tags": "", "version": 1}
    assert editor.post(f"/posts/{post}/edit", **words).status_code == 302
    assert stored(app, post).voter_count == 1
    staff.post(f"/posts/{post}/move", board="talk")
    assert results(bob, post)["The yard"] == ("100%, 1 vote", True)


def test_nobody_votes_in_a_poll_that_no_page_shows(ann: Person, bob: Person, dan: Person):
    post = write_poll(ann)
    ids = choice_ids(bob, post)
    dan.post(f"/posts/{post}/move", board="qa")
    assert "The yard" not in bob.page(f"/posts/{post}")
    program = program_of(bob)
    assert program.get(f"/posts/{post}/poll").status_code == 404
    assert program.put(f"/posts/{post}/poll/vote", {"choice_ids": [ids["The yard"]]}).status_code == 403
    assert bob.post(f"/posts/{post}/poll/votes", choice=ids["The yard"]).status_code == 403
    assert wrong_counters(ann) == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Seoul", "Pacific/Kiritimati", "America/Adak"])
def test_no_end_of_a_poll_breaks_the_page_of_its_post(ann: Person, bob: Person, zone: str):
    """The API takes a moment of any year; the latest that is accepted can be shown and edited in every zone."""
    post, program = ann.ask("Our next meeting", body="Please vote.", board="talk"), program_of(ann)
    for person in (ann, bob):
        person.post("/settings/preferences", timezone=zone, locale="en")
    for moment in ("9999-12-31T23:59:59Z", "2500-01-01T00:00:00Z", "0001-01-01T00:00:00Z"):
        assert program.put(f"/posts/{post}/poll", {**POLL, "closes_at": moment}).status_code == 422
    latest = (now() + timedelta(days=3650)).isoformat()
    assert program.put(f"/posts/{post}/poll", {**POLL, "closes_at": latest}).status_code == 200
    bob.page(f"/posts/{post}")
    assert edit_poll(ann, post, body="A new text.").status_code == 302
