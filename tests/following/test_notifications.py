"""Notifications of followed questions and of new followers."""

import pytest
from sqlalchemy import select

from madang.core.db import db
from madang.notifications.kinds import followed_question_answered
from madang.notifications.models.tables import Notification
from tests.accounts.mailbox import mails
from tests.following.test_following import follow
from tests.notifications.test_notifying import activity_names, confirm_address, unread_count

pytestmark = pytest.mark.each_database


def test_followers_of_a_question_are_notified_of_answers(ann, bob, cho, dan):
    question = ann.ask("How do I move a yard?")
    follow(bob, f"/posts/{question}")
    cho.answer(question)
    dan.answer(question, "With the help of four friends, as I did.")
    assert activity_names(bob) == ["followed_question_answered"]
    assert "dan and cho answered “How do I move a yard?”, a question you follow" in bob.page("/notifications")
    assert activity_names(ann) == ["answer_posted"]
    bob.page(f"/posts/{question}")
    bob.post("/notifications/read", post=str(question))
    assert unread_count(bob) == 0


def test_nobody_is_notified_of_their_own_answer_or_twice(ann, bob, cho):
    question = ann.ask("How do I move a yard?")
    for person in (bob, cho):
        follow(person, f"/posts/{question}")
    bob.answer(question, "Ask @cho, who has moved several of them.")
    assert activity_names(bob) == [] and activity_names(cho) == ["mentioned"]


def test_editing_an_old_answer_does_not_notify_new_followers(ann, bob, cho):
    question = ann.ask("How do I move a yard?")
    answer = cho.answer(question)
    activity_names(cho)
    follow(bob, f"/posts/{question}")
    cho.post(f"/posts/{answer}/edit", version="1", body="Lift it gently and walk slowly, in the evening.")
    assert activity_names(bob) == []


def test_many_followers_are_notified_by_several_jobs(monkeypatch, ann, bob, cho, dan, eve):
    monkeypatch.setattr(followed_question_answered, "BATCH_SIZE", 2)
    question = ann.ask("How do I move a yard?")
    for person in (bob, dan, eve):
        follow(person, f"/posts/{question}")
    cho.answer(question)
    assert [activity_names(person) for person in (bob, dan, eve)] == [["followed_question_answered"]] * 3


def test_new_followers_are_grouped(app, ann, bob, cho):
    for person in (bob, cho):
        follow(person, "/users/ann")
    assert activity_names(ann) == ["person_followed"]
    assert "cho and bob started following you" in ann.page("/notifications")
    with app.app_context():
        mine = Notification.user_id == ann.id, Notification.is_activity
        notification_id = db.session.scalar(select(Notification.id).where(*mine))
    assert ann.get(f"/notifications/{notification_id}").location == "/users/ann/followers"


def test_following_again_or_unfollowing_at_once_notifies_nobody(ann, bob, cho):
    follow(bob, "/users/ann")
    assert activity_names(ann) == ["person_followed"]
    ann.post("/notifications/read")
    for value in "01":
        follow(bob, "/users/ann", value)
    assert activity_names(ann) == ["person_followed"] and unread_count(ann) == 0
    follow(ann, "/users/cho")
    follow(ann, "/users/cho", "0")
    assert activity_names(cho) == []


@pytest.mark.parametrize("kind", ["followed_question_answered", "person_followed"])
def test_follow_notifications_by_mail(app, ann, bob, cho, kind):
    confirm_address(bob)
    page = bob.page("/settings/notifications")
    assert f'name="{kind}"' in page
    bob.post("/settings/notifications", **{kind: "email", "digest": "none"})
    question = ann.ask("How do I move a yard?")
    if kind == "person_followed":
        follow(cho, "/users/bob")
    else:
        follow(bob, f"/posts/{question}")
        cho.answer(question)
    assert activity_names(bob) == []
    sent = [mail for mail in mails(app) if mail["To"] == "bob@example.org"]
    assert len(sent) == 1 and "follow" in sent[0].get_content()


def test_notifications_are_in_the_readers_language(ann, bob, cho):
    question = ann.ask("How do I move a yard?")
    follow(cho, f"/posts/{question}")
    bob.answer(question)
    follow(bob, "/users/cho")
    activity_names(cho)
    page = cho.page("/notifications")
    assert "bob 님이 팔로우하는 질문 “How do I move a yard?”에 답변했어요" in page
    assert "bob 님이 나를 팔로우하기 시작했어요" in page
