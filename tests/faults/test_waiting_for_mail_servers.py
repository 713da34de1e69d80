"""While a job waits for the mail server, everybody reads and writes, on SQLite too, whatever the mail is about."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from madang.accounts import jobs as accounts
from madang.accounts.models import User
from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.core.mail import MAIL_TRIES, smtp
from madang.core.queue import Job, run_due
from madang.core.queue.functions import functions
from madang.notifications.jobs import send_due_digests
from madang.tools.jobs import send_an_email
from tests.people import Person
from tests.timing import TIMEOUT_SECONDS

from .mail_servers import failing_server

pytestmark = [pytest.mark.faults, pytest.mark.each_database]
HOST = "yard.example.org"
# What causes each mail to Ann, within her application; `notify` has run when Bob's answer is one of them.
CAUSES: dict[str, Callable[[Person], object]] = {
    "accounts.send_password_link": lambda ann: accounts.send_password_link.enqueue(user_id=ann.id, host=HOST),
    "accounts.send_recovery_mail": lambda ann: accounts.send_recovery_mail.enqueue(user_ids=[ann.id], host=HOST),
    "accounts.send_email_link": lambda ann: accounts.send_email_link.enqueue(
        user_id=ann.id, email="new@example.org", host=HOST
    ),
    "accounts.tell_former_address": lambda ann: accounts.notify_former_address.enqueue(
        user_id=ann.id, email="old@example.org"
    ),
    "tools.send_an_email": lambda ann: send_an_email.enqueue(
        owner_id=ann.id, to="bob@example.org", subject="Hello", body="Hello"
    ),
    "notifications.mail_notification": lambda _ann: None,
    "notifications.mail_digest": lambda _ann: send_due_digests.enqueue(),
}


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """What must come may come late; a lock that is held until then fails the job."""
    monkeypatch.setattr(smtp, "SMTP_TIMEOUT_SECONDS", TIMEOUT_SECONDS)
    monkeypatch.setattr(smtp, "MAX_SECONDS", TIMEOUT_SECONDS)


def test_every_job_that_mails_is_tried_here():
    assert set(CAUSES) == {function.name for function in functions.values() if function.tries == MAIL_TRIES}


@pytest.mark.parametrize("name", CAUSES)
def test_pages_and_posts_do_not_wait_for_the_mail_server(app, ann, bob, visitor, name):
    choice = "email" if name == "notifications.mail_notification" else "web"
    assert ann.post("/settings/notifications", digest="daily", answer_posted=choice).status_code == 302
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == ann.id).values(email_confirmed_at=now()))
    bob.answer(ann.ask())
    done = []

    def use_the_site() -> None:
        done.append(ann.ask(title="Is the post office open?"))
        assert "Is the post office open?" in visitor.page("/questions")
        with app.app_context(), transaction() as session:  # no row of a person is locked either
            session.execute(update(User).values(locale=User.locale))
        done.append("people")

    with failing_server(app, use_the_site) as server:
        with app.app_context(), transaction():
            CAUSES[name](ann)
        with app.app_context(), at(now() + timedelta(days=1, minutes=1)):
            run_due()
            job = db.session.scalars(select(Job).where(Job.name == name)).one()
    assert (job.state, job.failures, job.error) == ("done", 0, None)
    assert done[1::2] == ["people"] * server.connections
    assert server.accepted == server.connections == 1
