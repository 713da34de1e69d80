"""Jobs that wait under their former names while a site is upgraded still notify."""

import pytest
from sqlalchemy import delete, select

from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.queue import Job
from madang.messages.models import Message
from madang.notifications.jobs import FORMER
from tests.following.test_following import follow

from .test_notifying import activity_names

pytestmark = pytest.mark.each_database


def run_former(app, name: str, **arguments: int) -> None:
    """Put a job of version 0.1 in the place of those that the events have enqueued."""
    with app.app_context(), transaction():
        db.session.execute(delete(Job).where(Job.state == "queued"))
        moment = now()
        job = Job(name=f"notifications.{name}", arguments=arguments, locale="en", run_at=moment, created_at=moment)
        db.session.add(job)


def test_notify_about_post(app, ann, bob):
    run_former(app, "notify_about_post", post_id=bob.ask(body="What would @ann say about a yard?"))
    assert activity_names(ann) == ["mentioned"]


def test_notify_about_answer(app, ann, bob, cho, dan):
    question = ann.ask()
    follow(cho, f"/posts/{question}")
    run_former(app, "notify_about_answer", post_id=bob.answer(question, "Ask @dan, who has moved several of them."))
    found = [activity_names(person) for person in (ann, cho, dan)]
    assert found == [["answer_posted"], ["followed_question_answered"], ["mentioned"]]


@pytest.mark.parametrize(("after", "names"), [({}, ["followed_question_answered"]), ({"after": 10_000}, [])])
def test_notify_followers(app, ann, bob, cho, after, names):
    question = ann.ask()
    follow(cho, f"/posts/{question}")
    run_former(app, "notify_followers", post_id=bob.answer(question), **after)
    assert (activity_names(cho), activity_names(ann)) == (names, [])


def test_notify_about_follower(app, ann, bob):
    follow(bob, "/users/ann")
    run_former(app, "notify_about_follower", follower_id=bob.id, user_id=ann.id)
    assert activity_names(ann) == ["person_followed"]


def test_notify_about_comment(app, ann, bob, cho):
    run_former(app, "notify_about_comment", comment_id=bob.comment(ann.ask(), body="What would @cho say?"))
    assert (activity_names(ann), activity_names(cho)) == (["comment_posted"], ["mentioned"])


def test_notify_about_acceptance(app, ann, bob):
    question = ann.ask()
    answer = bob.answer(question)
    ann.post(f"/posts/{answer}/accept", value=1)
    run_former(app, "notify_about_acceptance", answer_id=answer)
    assert activity_names(bob) == ["answer_accepted"]


def test_notify_about_vote(app, ann, bob):
    question = ann.ask()
    bob.post(f"/posts/{question}/votes", value="1")
    run_former(app, "notify_about_vote", post_id=question, voter_id=bob.id)
    assert activity_names(ann) == ["post_voted"]


def test_notify_about_comment_vote(app, ann, bob):
    comment = ann.comment(bob.ask())
    bob.post(f"/comments/{comment}/votes", value="1")
    run_former(app, "notify_about_comment_vote", comment_id=comment, voter_id=bob.id)
    assert activity_names(ann) == ["post_voted"]


def test_notify_about_message(app, ann, bob):
    ann.post("/settings/notifications", message_received="both", digest="none")
    bob.post("/messages/new", to="ann", body="Shall we meet at the well?")
    with app.app_context():
        message_id = db.session.scalar(select(Message.id))
    run_former(app, "notify_about_message", message_id=message_id)
    assert activity_names(ann) == ["message_received"]


def test_every_former_name_is_tested():
    assert {f"notifications.{name.removeprefix('test_')}" for name in globals() if name.startswith("test_not")} == set(
        FORMER
    )
