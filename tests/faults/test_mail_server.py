"""The mail server is gone, silent, slow, refuses or dies: pages do not wait, mails wait and are sent once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from madang.accounts.models import User
from madang.admin.operations import running_checks
from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.core.i18n import use_locale
from madang.core.mail import MAIL_TRIES, smtp
from madang.core.queue import Job, run_due
from tests.smtp_server import smtp_server
from tests.timing import TIMEOUT_SECONDS

from .mail_servers import ENDLESS, failing_server
from .site import free_port

pytestmark = [pytest.mark.faults, pytest.mark.each_database]
RECOVERY = "accounts.send_recovery_mail"
OUTAGES: dict[str, tuple[dict[str, str | None], str]] = {
    "says nothing": ({"greeting": ""}, "does not answer at port"),
    "is not ready": ({"greeting": "421 4.3.2 shutting down"}, "421 4.3.2 shutting down"),
    "closes at once": ({"greeting": None}, "The encryption does not fit port"),
    "refuses the sender": ({"MAIL": "550 5.7.1 not your address"}, "550 5.7.1 not your address"),
    "asks to come later": ({"RCPT": "451 4.7.1 greylisted"}, "451 4.7.1 greylisted"),
    "has no room": ({"mail": "452 4.3.1 no space"}, "452 4.3.1 no space"),
    "stops in the middle": ({"mail": ""}, "does not answer at port"),
    "dies in the middle": ({"mail": None}, "in the middle of an e-mail"),
}


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """What must come may come late."""
    monkeypatch.setattr(smtp, "SMTP_TIMEOUT_SECONDS", TIMEOUT_SECONDS)
    monkeypatch.setattr(smtp, "MAX_SECONDS", TIMEOUT_SECONDS)


@pytest.fixture
def asks(app, ann, visitor):
    """A function by which a mail to Ann is asked for; she has an address of her own."""
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == ann.id).values(email_confirmed_at=now()))

    def ask() -> None:
        assert visitor.post("/auth/forgot", email="ann@example.org").status_code == 200

    return ask


def run(app, hours: float = 0) -> None:
    with app.app_context(), at(now() + timedelta(hours=hours)):
        run_due()


def mail_job(app) -> Job:
    with app.app_context():
        return db.session.scalars(select(Job).where(Job.name == RECOVERY)).one()


def findings(app) -> list[str]:
    with app.app_context(), use_locale("en"):
        return [each.sentence for each in running_checks.check_mails()]


@pytest.mark.parametrize("outage", OUTAGES)
def test_a_mail_waits_for_the_server_and_is_sent_once(app, asks, outage, monkeypatch):
    answers, words = OUTAGES[outage]
    with failing_server(app, **answers), monkeypatch.context() as patch:
        if "" in answers.values():  # nothing comes, however long it is waited for
            patch.setattr(smtp, "SMTP_TIMEOUT_SECONDS", 1)
        asks()
        run(app)
    job = mail_job(app)
    assert (job.state, job.failures, job.error_code) == ("queued", 1, "mail_delayed")
    assert words in job.error_words
    (sentence,) = findings(app)
    assert sentence.startswith("1 e-mail waits, because the mail server did not take it: ")
    assert words in sentence
    with smtp_server(app) as server:
        for hours in (0, 1, 2):
            run(app, hours)
    assert [recipients for recipients, _content in server.accepted] == [["ann@example.org"]]
    assert (mail_job(app).state, mail_job(app).error_words, findings(app)) == ("done", None, [])


def test_no_address_and_no_link_that_a_server_quotes_is_kept(app, asks):
    quoted = "451 4.7.1 <ann@example.org>: look at https://example.org/auth/reset/WzEsImEiXQ.aBcD3f"
    with failing_server(app, RCPT=quoted):
        asks()
        run(app)
    (sentence,) = findings(app)
    for words in (sentence, mail_job(app).error_words):
        assert words.endswith("It answered: 451 4.7.1 <[e-mail]>: look at [link]")


def test_nothing_listens_for_a_day_and_the_mail_is_given_up(app, asks):
    app.config |= {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": free_port(), "MAIL_TLS": "none"}
    asks()
    moment, began = now(), now()
    while mail_job(app).state == "queued":
        moment = max(moment, mail_job(app).run_at)
        with app.app_context(), at(moment):
            run_due()
    assert mail_job(app).failures == MAIL_TRIES
    assert timedelta(hours=20) < moment - began < timedelta(hours=30)
    with at(moment):
        (sentence,) = findings(app)
    assert sentence.startswith("1 e-mail was given up")
    assert "Nothing listens at port" in sentence


@pytest.mark.parametrize(
    "answers", [{"RCPT": "550 5.1.1 no such user"}, {"mail": "554 5.7.1 looks like spam"}], ids=["recipient", "mail"]
)
def test_what_the_server_will_never_take_is_not_tried_again(app, asks, answers):
    with failing_server(app, **answers) as server:
        asks()
        for hours in (0, 1):
            run(app, hours)
    job = mail_job(app)
    assert (job.state, job.error_code, server.connections) == ("failed", "mail_refused", 1)
    (answer,) = answers.values()
    assert answer in job.error_words
    assert findings(app) == []  # the site's mail works


@pytest.mark.parametrize("goodbye", ["421 4.4.2 too late", "", None], ids=["refuses", "is silent", "is gone"])
def test_a_server_that_says_no_goodbye_gets_no_mail_twice(app, asks, goodbye, monkeypatch):
    if goodbye == "":
        monkeypatch.setattr(smtp, "SMTP_TIMEOUT_SECONDS", 1)
    with failing_server(app, QUIT=goodbye) as server:
        asks()
        for hours in (0, 1):
            run(app, hours)
    assert (mail_job(app).state, server.accepted) == ("done", 1)


def test_a_wrong_password_is_said_and_the_mail_waits(app, asks):
    app.config |= {"MAIL_USERNAME": "board", "MAIL_PASSWORD": "right"}
    with smtp_server(app) as server:
        app.config["MAIL_PASSWORD"] = "wrong"
        asks()
        run(app)
        assert "MADANG_MAIL_PASSWORD. It answered: 535" in findings(app)[0]
        app.config["MAIL_PASSWORD"] = "right"
        run(app, hours=1)
    assert (mail_job(app).state, len(server.accepted)) == ("done", 1)


@pytest.mark.parametrize("answers", [{"MAIL": ""}, {"greeting": ENDLESS}, {"EHLO": ENDLESS}], ids=str)
def test_a_server_that_goes_on_and_on_does_not_keep_the_worker(app, asks, monkeypatch, answers):
    monkeypatch.setattr(smtp, "MAX_SECONDS", 1)
    with failing_server(app, **answers):
        asks()
        run(app)
    job = mail_job(app)
    assert (job.state, job.failures) == ("queued", 1)
    assert "in the middle of an e-mail" in job.error_words
