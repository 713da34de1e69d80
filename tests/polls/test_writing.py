"""Write, change, end and delete a poll with its post."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from madang.core.clock import now
from madang.core.db import db
from madang.core.local_time import format_moment
from madang.polls.models import Poll
from tests.people import Person

from .polls import CHOICES, QUESTION, choice_ids, edit_poll, results, send_poll, vote, write_poll, wrong_counters

pytestmark = pytest.mark.each_database


def stored(app: Flask, post: int) -> Poll | None:
    with app.app_context():
        return db.session.scalar(select(Poll).where(Poll.post_id == post))


def local(moment: datetime) -> str:
    return format_moment(moment, "UTC")


def test_a_poll_is_written_with_its_post(app: Flask, ann: Person, bob: Person):
    end = now() + timedelta(days=2)
    post = write_poll(
        ann, poll_kind="multiple", poll_results="after_voting", poll_closes_at=local(end), poll_choices=" Yes \n\nNo\n"
    )
    poll = stored(app, post)
    assert (poll.question, poll.is_multiple, poll.results) == (QUESTION, True, "after_voting")
    assert local(poll.closes_at) == local(end)
    assert list(choice_ids(bob, post)) == ["Yes", "No"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"poll_question": "No"}, "A poll&#39;s question has 3 to 150 characters."),
        ({"poll_question": ""}, "A poll&#39;s question has 3 to 150 characters."),
        ({"poll_question": "Y" * 151}, "A poll&#39;s question has 3 to 150 characters."),
        ({"poll_choices": ""}, "A poll has 2 to 10 choices, one on each line."),
        ({"poll_choices": "Only one\n \n\n"}, "A poll has 2 to 10 choices, one on each line."),
        ({"poll_choices": "\n".join(map(str, range(11)))}, "A poll has 2 to 10 choices, one on each line."),
        ({"poll_choices": "Yard\nyard"}, "Two choices are the same. Please change one."),
        ({"poll_choices": "Yard\n" + "g" * 101}, "Please shorten each choice to 100 characters."),
        ({"poll_results": "never"}, "Choose whether results are shown always or after voting."),
        ({"poll_closes_at": "tomorrow"}, "Please write dates like 2026-11-21 and times like 15:30."),
        ({"poll_closes_at": "2199-01-01T10:00"}, "Please choose a time within the next ten years."),
        ({"poll_choices": "\n" * 10_000}, "A poll has 2 to 10 choices, one on each line."),
        ({"poll_choices": "Yes\nＹｅｓ"}, "Two choices are the same. Please change one."),
        ({"poll_closes_at": "2020-01-01T10:00"}, "This time has already passed. Please choose a later one."),
        ({"board": "qa"}, "Only posts of a talk board can have a poll."),
    ],
)
def test_an_invalid_poll_is_refused_with_its_post(app: Flask, ann: Person, fields: dict[str, str], message: str):
    response = send_poll(ann, **fields)
    assert response.status_code == 422
    assert message in response.text
    assert '<details class="poll-fields" open>' in response.text
    with app.app_context():
        assert db.session.scalar(select(Poll.id)) is None
    assert "Our next meeting" not in ann.page("/boards/talk")


def test_errors_of_the_post_and_its_poll_are_shown_together(ann: Person):
    page = send_poll(ann, title="A", poll_choices="One").text
    assert "Titles have 2 to 150 characters." in page and "A poll has 2 to 10 choices" in page


def test_the_same_form_sent_twice_is_one_post_with_one_poll(app: Flask, ann: Person):
    assert write_poll(ann) == write_poll(ann)
    with app.app_context():
        assert len(db.session.scalars(select(Poll)).all()) == 1


def test_a_poll_changes_until_somebody_has_voted(app: Flask, ann: Person, bob: Person):
    post = write_poll(ann)
    assert edit_poll(ann, post, poll_choices="Here\nThere", poll_question="Where else?").status_code == 302
    assert list(choice_ids(bob, post)) == ["Here", "There"]
    vote(bob, post, "Here")
    refused = edit_poll(ann, post, poll_choices="Here\nNowhere", poll_question="Where else?")
    assert refused.status_code == 422 and "People have voted" in refused.text
    assert "Here\nThere</textarea>" in refused.text, (
        "what cannot change is shown as it is, so that the form can be sent"
    )
    kept = {"poll_choices": "Here\nThere", "poll_question": "Where else?"}
    assert edit_poll(ann, post, **kept, poll_results="after_voting").status_code == 302
    assert stored(app, post).results == "after_voting"
    page = ann.page(f"/posts/{post}/edit")
    assert 'name="poll_question"' in page and "readonly" in page
    assert results(bob, post)["Here"] == ("100%, 1 vote", True)


def test_an_edit_of_the_text_leaves_the_poll_and_its_exact_end(app: Flask, ann: Person, bob: Person):
    post = write_poll(ann)
    vote(bob, post, "The yard")
    ann.post(f"/posts/{post}/poll/end")
    end = stored(app, post).closes_at
    assert edit_poll(ann, post, body="Thank you for voting.", poll_closes_at=local(end)).status_code == 302
    assert "Thank you for voting." in bob.page(f"/posts/{post}")
    assert stored(app, post).closes_at == end


def test_a_poll_is_added_and_removed_by_an_edit(app: Flask, ann: Person, bob: Person):
    post = ann.ask("Our next meeting", body="Please vote.", board="talk")
    assert edit_poll(ann, post).status_code == 302
    assert list(choice_ids(bob, post)) == list(CHOICES)
    assert edit_poll(ann, post, poll_question="", poll_choices="").status_code == 302
    assert stored(app, post) is None


def test_after_the_first_vote_only_staff_remove_a_poll(app: Flask, ann: Person, bob: Person, dan: Person):
    post = write_poll(ann)
    vote(bob, post, "The yard")
    refused = edit_poll(ann, post, body="A text of an hour.", poll_question="", poll_choices="")
    assert refused.status_code == 422 and "only moderators can delete this poll" in refused.text
    assert "A text of an hour." in refused.text
    assert edit_poll(dan, post, poll_question="", poll_choices="").status_code == 302
    assert stored(app, post) is None
    assert f'"/posts/{post}"' in dan.page("/admin/log?verb=delete_poll")


def test_its_author_ends_a_poll_and_so_does_staff(app: Flask, ann: Person, bob: Person, dan: Person):
    mine, other = write_poll(ann), write_poll(ann, "Another meeting")
    assert bob.post(f"/posts/{mine}/poll/end").status_code == 403
    assert ann.post(f"/posts/{mine}/poll/end").location.endswith(f"#poll-{mine}")
    end = stored(app, mine).closes_at
    assert end <= now()
    ann.post(f"/posts/{mine}/poll/end")
    assert stored(app, mine).closes_at == end
    dan.post(f"/posts/{other}/poll/end")
    log = dan.page("/admin/log?verb=end_poll")
    assert f'"/posts/{other}"' in log and f'"/posts/{mine}"' not in log


def test_a_draft_keeps_the_poll(ann: Person):
    ann.post("/posts/drafts", key="post", board="talk", poll_question="Shall we?", poll_choices="Yes\nNo", poll_kind="")
    page = ann.page("/posts/new?draft=post")
    assert '<details class="poll-fields" open>' in page
    assert 'value="Shall we?"' in page and "Yes\nNo</textarea>" in page
    write_poll(ann)
    assert "Shall we?" not in ann.page("/posts/new?draft=post")


def test_a_poll_is_deleted_and_restored_with_its_post(ann: Person, bob: Person, dan: Person):
    post = write_poll(ann)
    vote(bob, post, "The yard")
    ann.post(f"/posts/{post}/delete")
    assert bob.get(f"/posts/{post}").status_code == 410
    dan.post(f"/posts/{post}/restore")
    assert results(bob, post)["The yard"] == ("100%, 1 vote", True)
    assert wrong_counters(ann) == []
