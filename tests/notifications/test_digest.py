"""Digests by mail: content, period, language, unsubscribing."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from madang.accounts.models import User
from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.core.queue import Job, run_due
from madang.notifications import jobs
from madang.notifications.models.tables import Notification, NotificationPreferences
from madang.notifications.operations.mails import take_due_digests
from tests.smtp_server import smtp_server
from tests.timing import TIMEOUT_SECONDS

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


def run(app, later: timedelta) -> None:
    with app.app_context(), at(now() + later):
        run_due()


def send_due_digests(app, later: timedelta = timedelta(days=1, minutes=1)) -> list[int]:
    """Send the digests that are due after a while; return the ids of their recipients."""
    earlier = {job.id for job in digest_jobs(app)}
    with app.app_context(), transaction(), at(now() + later):
        jobs.send_due_digests.enqueue()
    run(app, later)
    return [job.arguments["user_id"] for job in digest_jobs(app) if job.id not in earlier]


def digest_jobs(app) -> list[Job]:
    with app.app_context():
        return list(db.session.scalars(select(Job).where(Job.name == jobs.mail_digest.name).order_by(Job.id)))


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
    assert len(mails(app)) == 1, "nothing has happened since the first"


def test_a_digest_that_waits_for_the_mail_server_is_one_job_and_comes_once(app, ann_with_digest, bob):
    bob.answer(ann_with_digest.ask())
    run_jobs(app)
    due = timedelta(days=1, minutes=1)
    with smtp_server(app) as server:
        server.replies["recipient"] = "451 4.7.1 come back later"
        for quarters in range(8):
            send_due_digests(app, due + timedelta(minutes=15) * quarters)
        (job,) = digest_jobs(app)
        assert (job.state, job.error_code, server.accepted) == ("queued", "mail_delayed", [])
        server.replies.clear()
        for hours in range(3, 6):
            send_due_digests(app, due + timedelta(hours=hours))
    assert (digest_jobs(app)[0].state, len(digest_jobs(app))) == ("done", 1)
    ((_recipients, content),) = server.accepted
    assert b"bob answered your question" in content


def test_a_late_digest_and_the_next_one_tell_each_thing_once(app, ann_with_digest, bob):
    bob.answer(ann_with_digest.ask(title="How do I move a heavy jar?"))
    run_jobs(app)
    due = timedelta(days=1, minutes=1)
    with smtp_server(app) as server:
        server.replies["recipient"] = "451 4.7.1 come back later"
        send_due_digests(app, due)
        with at(now() + due + timedelta(minutes=5)):
            bob.answer(ann_with_digest.ask(title="Where does the jar belong?"))
        server.replies.clear()
        run(app, due + timedelta(hours=1))
        send_due_digests(app, 2 * due)
    first, second = [content.decode() for _recipients, content in server.accepted]
    assert ("heavy jar?" in first, "belong?" in first) == (True, False)
    assert ("heavy jar?" in second, "belong?" in second) == (False, True)


def test_of_two_schedulers_at_once_one_takes_a_digest(app, ann_with_digest, monkeypatch):
    moment = now() + timedelta(days=1, minutes=1)
    read, taken = db.rows, []

    def take() -> None:
        with app.app_context(), transaction():
            taken.extend(take_due_digests(now=moment))

    def read_and_be_overtaken(statement):
        rows = read(statement)
        monkeypatch.setattr(db, "rows", read)
        other = threading.Thread(target=take)
        other.start()
        other.join(TIMEOUT_SECONDS)
        assert len(taken) == 1
        return rows

    monkeypatch.setattr(db, "rows", read_and_be_overtaken)
    take()
    assert [digest.user_id for digest in taken] == [ann_with_digest.id]


def test_a_waiting_digest_of_version_01_becomes_one_that_names_its_time(app, ann_with_digest, bob):
    bob.answer(ann_with_digest.ask())
    run_jobs(app)
    with app.app_context(), transaction():
        jobs.mail_digest.enqueue(user_id=ann_with_digest.id)
    assert mails(app) == []
    assert send_due_digests(app) == [ann_with_digest.id]
    assert len(mails(app)) == 1


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
