"""The summary by mail: daily or weekly, what is unread and what was well received, and no empty mail."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from madang.accounts.models import User
from madang.core.clock import now
from madang.core.db import db, transaction
from madang.notifications.models.tables import Notification, NotificationPreferences
from madang.notifications.operations import mails as digests

from ..accounts.mailbox import mails, run_jobs

pytestmark = pytest.mark.each_database


@pytest.fixture
def reader(app, ann):
    """Ann wants a summary every day, nothing else by mail, and has confirmed her address."""
    choices = dict.fromkeys(("answer_posted", "comment_posted", "mentioned", "answer_accepted"), "web")
    assert ann.post("/settings/notifications", digest="daily", **choices).status_code == 302
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == ann.id).values(email_confirmed_at=now()))
    return ann


def send(app, later: timedelta = timedelta(days=1, minutes=1)) -> list[int]:
    """Send what is due after a while; returns whose digests those were."""
    moment = now() + later
    with app.app_context():
        due = digests.due_digests(now=moment)
        for user_id in due:
            with transaction():
                digests.send_digest(user_id, now=moment)
    return due


def test_it_names_what_is_unread_and_what_was_liked(app, reader, bob):
    bob.answer(reader.ask(title="How do I move a heavy jar?"))
    bob.ask(title="Which trees give the best shade?")
    run_jobs(app)
    assert send(app) == [reader.id]
    (mail,) = mails(app)
    assert mail["Subject"] == "What is new at Yard"
    text = mail.get_content()
    assert "bob answered your question “How do I move a heavy jar?”" in text
    assert "Which trees give the best shade?" in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_it_comes_once_a_period(app, reader, bob):
    bob.answer(reader.ask())
    run_jobs(app)
    assert send(app, timedelta(hours=23)) == []
    assert send(app) == [reader.id]
    assert send(app) == []
    assert send(app, timedelta(days=2, minutes=2)) == [reader.id]


def test_where_nothing_happened_no_mail_goes_out(app, reader):
    assert send(app) == [reader.id]
    assert mails(app) == []


def test_what_was_taken_away_is_not_named(app, reader, bob):
    answer = bob.answer(reader.ask(title="How do I move a heavy jar?"))
    run_jobs(app)
    with app.app_context(), transaction() as session:  # as if the job that forgets it had not run yet
        session.execute(update(Notification).values(post_id=answer + 1_000))
    send(app)
    assert "bob answered" not in "".join(mail.get_content() for mail in mails(app))


def test_it_comes_in_the_readers_language(app, cho, bob):
    cho.post("/settings/notifications", digest="weekly", answer_posted="web")
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == cho.id).values(email_confirmed_at=now()))
    bob.answer(cho.ask(title="장독을 어떻게 옮기나요?"))
    run_jobs(app)
    assert send(app) == []
    assert send(app, timedelta(days=6, hours=23)) == []
    assert send(app, timedelta(days=7, minutes=1)) == [cho.id]
    assert mails(app)[-1]["Subject"] == "Yard의 새 소식"


def test_the_link_at_its_end_ends_it(app, reader, bob, visitor):
    bob.answer(reader.ask())
    run_jobs(app)
    send(app)
    stop = mails(app)[-1]["List-Unsubscribe"].strip("<>").partition("5000")[2]
    assert visitor.client.post(stop).status_code == 200
    with app.app_context():
        assert db.session.get_one(NotificationPreferences, reader.id).digest == "none"
    assert send(app, timedelta(days=9)) == []
