"""Digests by mail: content, period, language, unsubscribing."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from madang.accounts.models import User
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.notifications.models.tables import Notification, NotificationPreferences
from madang.notifications.operations.mails import due_digests, send_digest

from ..accounts.mailbox import mails, run_jobs

pytestmark = pytest.mark.each_database


@pytest.fixture
def ann_with_digest(app, ann):
    """Ann with a confirmed address, a daily digest and no other mails."""
    choices = dict.fromkeys(("answer_posted", "comment_posted", "mentioned", "answer_accepted"), "web")
    assert ann.post("/settings/notifications", digest="daily", **choices).status_code == 302
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == ann.id).values(email_confirmed_at=now()))
    return ann


def send_due_digests(app, later: timedelta = timedelta(days=1, minutes=1)) -> list[int]:
    """Send the digests that are due after a while; return the ids of their recipients."""
    moment = now() + later
    with app.app_context():
        due = due_digests(now=moment)
        for user_id in due:
            with transaction():
                send_digest(user_id, now=moment)
    return due


def test_a_digest_has_unread_notifications_and_the_best_posts(app, ann_with_digest, bob):
    bob.answer(ann_with_digest.ask(title="How do I move a heavy jar?"))
    bob.ask(title="Which trees give the best shade?")
    run_jobs(app)
    assert send_due_digests(app) == [ann_with_digest.id]
    (mail,) = mails(app)
    assert mail["Subject"] == "News from Yard"
    text = mail.get_content()
    assert "bob answered your question “How do I move a heavy jar?”" in text
    assert "Which trees give the best shade?" in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_digest_comes_once_per_period(app, ann_with_digest, bob):
    bob.answer(ann_with_digest.ask())
    run_jobs(app)
    assert send_due_digests(app, timedelta(hours=23)) == []
    assert send_due_digests(app) == [ann_with_digest.id]
    assert send_due_digests(app) == []
    assert send_due_digests(app, timedelta(days=2, minutes=2)) == [ann_with_digest.id]


def test_an_empty_digest_is_not_sent(app, ann_with_digest):
    assert send_due_digests(app) == [ann_with_digest.id]
    assert mails(app) == []


def test_a_digest_does_not_name_deleted_posts(app, ann_with_digest, bob):
    answer = bob.answer(ann_with_digest.ask(title="How do I move a heavy jar?"))
    run_jobs(app)
    with app.app_context(), transaction() as session:  # as if the job that deletes it had not run yet
        session.execute(update(Notification).values(post_id=answer + 1_000))
    send_due_digests(app)
    assert "bob answered" not in "".join(mail.get_content() for mail in mails(app))


def test_a_digest_is_in_the_readers_language(app, cho, bob):
    cho.post("/settings/notifications", digest="weekly", answer_posted="web")
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == cho.id).values(email_confirmed_at=now()))
    bob.answer(cho.ask(title="장독을 어떻게 옮기나요?"))
    run_jobs(app)
    assert send_due_digests(app) == []
    assert send_due_digests(app, timedelta(days=6, hours=23)) == []
    assert send_due_digests(app, timedelta(days=7, minutes=1)) == [cho.id]
    assert mails(app)[-1]["Subject"] == "Yard의 새 소식"


def test_the_unsubscribe_link_stops_digests(app, ann_with_digest, bob, visitor):
    bob.answer(ann_with_digest.ask())
    run_jobs(app)
    send_due_digests(app)
    stop = mails(app)[-1]["List-Unsubscribe"].strip("<>").partition("5000")[2]
    assert visitor.client.post(stop).status_code == 200
    with app.app_context():
        assert db.session.get_one(NotificationPreferences, ann_with_digest.id).digest == "none"
    assert send_due_digests(app, timedelta(days=9)) == []
