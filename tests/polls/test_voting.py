"""Vote in a poll: once, changeable until it ends, by one or several choices."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from madang.core.clock import now
from madang.core.db import transaction
from madang.polls.models import Poll
from tests.people import People, Person

from .polls import CHOICES, choice_ids, results, vote, write_poll, wrong_counters

pytestmark = pytest.mark.each_database


def end_now(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(Poll).values(closes_at=now() - timedelta(seconds=1)))


def test_a_vote_counts_once_and_can_be_changed_and_taken_back(ann: Person, bob: Person):
    post = write_poll(ann)
    path = f"/posts/{post}/poll/votes"
    response = vote(bob, post, "The yard")
    assert response.status_code == 302
    assert response.location.endswith(f"/our-next-meeting#poll-{post}")
    vote(bob, post, "The yard")
    assert results(bob, post) == {
        "The yard": ("100%, 1 vote", True),
        "The garden": ("0%, 0 votes", False),
        "The gate": ("0%, 0 votes", False),
    }
    vote(bob, post, "The gate")
    vote(ann, post, "The gate")
    assert results(ann, post)["The gate"] == ("100%, 2 votes", True)
    assert results(ann, post)["The yard"] == ("0%, 0 votes", False)
    assert bob.post(f"{path}/delete").status_code == 302
    assert results(ann, post)["The gate"] == ("100%, 1 vote", True)
    assert bob.post(f"{path}/delete").status_code == 302
    assert wrong_counters(ann) == []


def test_several_choices_are_counted_by_people(ann: Person, bob: Person):
    post = write_poll(ann, poll_kind="multiple")
    vote(ann, post, "The yard", "The gate")
    vote(bob, post, "The yard")
    assert results(ann, post) == {
        "The yard": ("100%, 2 votes", True),
        "The garden": ("0%, 0 votes", False),
        "The gate": ("50%, 1 vote", True),
    }
    assert "2 people voted" in ann.page(f"/posts/{post}")
    vote(ann, post, "The garden", "The gate")
    assert results(ann, post)["The yard"] == ("50%, 1 vote", False)
    assert wrong_counters(ann) == []


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ([], "Please choose an answer."),
        (["The yard", "The gate"], "Please choose one answer only."),
        (["999999"], "The choices have changed."),
        (["yard"], "The choices have changed."),
        (["-1"], "The choices have changed."),
        (["9" * 30], "The choices have changed."),
    ],
)
def test_an_invalid_vote_is_refused(ann: Person, bob: Person, chosen: list[str], message: str):
    post = write_poll(ann)
    ids = choice_ids(bob, post)
    response = bob.post(f"/posts/{post}/poll/votes", choice=[ids.get(text, text) for text in chosen])
    assert response.status_code == 422
    assert message in response.text
    assert results(bob, post)["The yard"] == ("0%, 0 votes", False)


def test_a_choice_of_another_poll_is_refused(ann: Person, bob: Person):
    mine, other = write_poll(ann), write_poll(ann, "Another meeting")
    foreign = choice_ids(bob, other)["The yard"]
    assert bob.post(f"/posts/{mine}/poll/votes", choice=foreign).status_code == 422
    assert results(bob, other)["The yard"] == ("0%, 0 votes", False)


def test_nobody_votes_in_an_ended_poll(app: Flask, ann: Person, bob: Person):
    post = write_poll(ann)
    ids = choice_ids(bob, post)
    vote(bob, post, "The yard")
    end_now(app)
    response = bob.post(f"/posts/{post}/poll/votes", choice=ids["The gate"])
    assert response.status_code == 403 and "This poll has ended." in response.text
    assert bob.post(f"/posts/{post}/poll/votes/delete").status_code == 403
    assert choice_ids(bob, post) == {}
    assert results(bob, post)["The yard"] == ("100%, 1 vote", True)


def test_a_visitor_sees_the_results_and_the_way_to_log_in(ann: Person, visitor: Person):
    post = write_poll(ann)
    vote(ann, post, "The yard")
    assert results(visitor, post)["The yard"] == ("100%, 1 vote", False)
    assert choice_ids(visitor, post) == {}
    assert f'href="/auth/login?next=/posts/{post}" rel="nofollow">Log in to vote' in visitor.page(f"/posts/{post}")
    assert visitor.post(f"/posts/{post}/poll/votes", choice=1).location.startswith("/auth/login")


def test_hidden_results_show_to_those_who_voted_and_to_all_at_the_end(
    app: Flask, ann: Person, bob: Person, visitor: Person
):
    post = write_poll(ann, poll_results="after_voting")
    vote(bob, post, "The yard")
    assert results(bob, post)["The yard"] == ("100%, 1 vote", True)
    for person in (ann, visitor):
        assert results(person, post) == {}
        page = person.page(f"/posts/{post}")
        assert "Results are shown once you have voted" in page and all(text in page for text in CHOICES)
    bob.post(f"/posts/{post}/poll/votes/delete")
    assert results(bob, post) == {}
    vote(bob, post, "The gate")
    end_now(app)
    for person in (ann, visitor):
        assert results(person, post)["The gate"] == ("100%, 1 vote", False)


def test_a_vote_in_place_shows_the_poll_alone(ann: Person, bob: Person):
    post = write_poll(ann)
    ids = choice_ids(bob, post)
    fragment = bob.htmx(f"/posts/{post}/poll/votes", choice=ids["The yard"]).text
    assert fragment.startswith(f'<section class="poll" id="poll-{post}"')
    assert "<html" not in fragment and "100%" in fragment
    assert "100%" not in bob.htmx(f"/posts/{post}/poll/votes/delete").text


@pytest.mark.parametrize(("path", "value"), [("lock", 1), ("delete", None)])
def test_nobody_votes_on_a_locked_or_deleted_post(ann: Person, bob: Person, dan: Person, path: str, value: int | None):
    post = write_poll(ann)
    ids = choice_ids(bob, post)
    dan.post(f"/posts/{post}/{path}", value=value)
    assert bob.post(f"/posts/{post}/poll/votes", choice=ids["The yard"]).status_code in (403, 410)
    assert dan.post(f"/posts/{post}/poll/votes", choice=ids["The yard"]).status_code in (403, 410)


def test_a_poll_in_korean(ann: Person, cho: Person):
    post = write_poll(ann)
    page = cho.page(f"/posts/{post}")
    assert "투표하기" in page and "0명이 투표했어요" in page
    vote(cho, post, "The yard")
    page = cho.page(f"/posts/{post}")
    assert "1표" in page and "1명이 투표했어요" in page


def test_a_post_without_a_poll_has_none_to_vote_in(people: People, ann: Person):
    post = ann.ask("A talk without a poll", board="talk")
    for path in ("votes", "votes/delete", "end"):
        assert ann.post(f"/posts/{post}/poll/{path}", choice=1).status_code == 404
