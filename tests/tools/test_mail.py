"""Sending e-mail through a real SMTP server: permissions, limits, header injection, refusals."""

import re
import threading
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select, update

from madang.accounts.models import User
from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.core.mail import MAIL_TRIES
from madang.core.queue import Job, run_due
from tests.accounts.mailbox import run_jobs
from tests.api.programs import program_of
from tests.people import PASSWORD
from tests.smtp_server import smtp_server

MAIL = {"to": "bob@example.com", "subject": "마당 소식", "body": "첫 줄\n\nThe second."}


@pytest.fixture
def smtp(app):
    """The SMTP server in the site's settings."""
    with smtp_server(app) as server:
        yield server


def _confirm(app, person, *, confirmed=True) -> None:
    with app.app_context(), transaction() as session:
        session.execute(
            update(User).where(User.id == person.id).values(email_confirmed_at=now() if confirmed else None)
        )


def _jobs(app) -> list[Job]:
    with app.app_context():
        return list(db.session.scalars(select(Job).where(Job.name == "tools.send_an_email").order_by(Job.id)))


def test_a_mail_is_delivered_and_the_job_is_done(app, ann, smtp):
    _confirm(app, ann)
    response = ann.post("/tools/send-mail", **MAIL)
    assert response.status_code == 302 and response.location.startswith("/jobs/")
    assert "Waiting" in ann.page(response.location)
    run_jobs(app)
    page = ann.page(response.location)
    assert "Done" in page and "bob@example.com" in page
    ((recipients, content),) = smtp.accepted
    mail = message_from_bytes(content, policy=policy.default)
    assert recipients == ["bob@example.com"]
    assert (mail["Subject"], mail["To"], mail["Reply-To"]) == ("마당 소식", "bob@example.com", "ann@example.org")
    assert "첫 줄\n\nThe second." in mail.get_content().replace("\r\n", "\n")
    assert "ann sent you this through Yard." in mail.get_content()


def test_an_unconfirmed_address_is_no_reply_to(app, ann, smtp):
    _confirm(app, ann, confirmed=False)
    ann.post("/tools/send-mail", **MAIL)
    run_jobs(app)
    assert message_from_bytes(smtp.accepted[0][1], policy=policy.default)["Reply-To"] is None


def test_a_mail_that_is_sent_twice_has_the_same_message_id(app, ann, smtp):
    ann.post("/tools/send-mail", **MAIL)
    run_jobs(app)
    with app.app_context(), transaction() as session:
        session.execute(update(Job).values(state="queued"))
    run_jobs(app)
    names = {message_from_bytes(content, policy=policy.default)["Message-ID"] for _to, content in smtp.accepted}
    assert len(smtp.accepted) == 2 and len(names) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"to": "bob@example.com\r\nBcc: eve@example.com"}, "does not look like an e-mail address"),
        ({"to": "bob@example.com\nBcc:eve@example.com"}, "does not look like an e-mail address"),
        ({"to": "bob@example.com, eve@example.com"}, "only one address"),
        ({"to": "Bob <bob@example.com>"}, "does not look like an e-mail address"),
        ({"to": ""}, "does not look like an e-mail address"),
        ({"to": "b" * 300 + "@example.com"}, "shorten this"),
        ({"subject": "Hello\r\nBcc: eve@example.com"}, "The subject must be one line."),
        ({"subject": "Hello\nBcc: eve@example.com"}, "The subject must be one line."),
        ({"subject": "  "}, "Please write a subject."),
        ({"subject": "x" * 201}, "shorten this"),
        ({"body": " \n "}, "Please write something."),
        ({"body": "x" * 10_001}, "shorten this"),
    ],
)
def test_invalid_fields_are_reported_and_the_input_is_kept(app, ann, smtp, change, words):
    response = ann.post("/tools/send-mail", **{**MAIL, **change})
    assert response.status_code == 422
    assert words in response.text
    for name in {"subject", "body"} - set(change):
        assert MAIL[name].split("\n")[0] in response.text
    run_jobs(app)
    assert (smtp.accepted, _jobs(app)) == ([], [])


def test_a_double_click_sends_one_mail(app, ann, smtp):
    moment = now()
    with at(moment):
        first, second = ann.post("/tools/send-mail", **MAIL), ann.post("/tools/send-mail", **MAIL)
    assert first.location == second.location
    with at(moment + timedelta(minutes=1)):
        assert ann.post("/tools/send-mail", **MAIL).location != first.location


def test_concurrent_requests_send_one_mail(app, ann, smtp):
    clients = [ann.client, app.test_client()]
    clients[1].post("/auth/login", data={"username": "ann", "password": PASSWORD, "csrf_token": _token(clients[1])})
    barrier, locations = threading.Barrier(2), []

    def submit(client) -> None:
        token = _token(client)
        barrier.wait(20)
        locations.append(client.post("/tools/send-mail", data={**MAIL, "csrf_token": token}).location)

    threads = [threading.Thread(target=submit, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(locations) == 2 and len(set(locations)) == 1 and len(_jobs(app)) == 1


def _token(client) -> str:
    return re.search(
        r'name="csrf[-_]token" (?:content|value)="([^"]+)"', client.get("/auth/login", follow_redirects=True).text
    )[1]


def test_in_production_only_members_with_a_confirmed_address_send(app, ann, smtp):
    app.config["ENVIRONMENT"] = "production"
    _confirm(app, ann, confirmed=False)
    assert "Only members with a confirmed e-mail address can send" in ann.page("/tools/send-mail")
    response = ann.post("/tools/send-mail", **MAIL)
    assert response.status_code == 403 and "confirm your own e-mail address" in response.text
    assert _jobs(app) == []
    _confirm(app, ann)
    assert ann.post("/tools/send-mail", **MAIL).status_code == 302


def test_mails_per_day_are_limited(app, ann, smtp):
    app.config["SEND_MAIL_PER_DAY"] = 2
    moment = now()
    for number in range(2):
        assert ann.post("/tools/send-mail", **{**MAIL, "subject": f"Number {number}"}).status_code == 302
    response = ann.post("/tools/send-mail", **MAIL)
    assert response.status_code == 429
    assert "You can send 2 e-mails a day." in response.text and "마당 소식" in response.text
    with at(moment + timedelta(days=1, seconds=1)):
        assert ann.post("/tools/send-mail", **MAIL).status_code == 302


def test_sending_can_be_disabled(app, ann):
    app.config["SEND_MAIL_PER_DAY"] = 0
    assert "E-mails cannot be sent from here" in ann.page("/tools/send-mail")
    assert ann.post("/tools/send-mail", **MAIL).status_code == 429


@pytest.mark.parametrize(
    ("replies", "words"),
    [
        ({"recipient": "550 no such user here"}, "The mail server accepts no mail for bob@example.com."),
        ({"mail": "554 looks like spam"}, "The mail server refused this e-mail."),
    ],
)
def test_a_permanent_refusal_of_the_server_is_explained(app, ann, smtp, replies, words):
    smtp.replies = replies
    address = ann.post("/tools/send-mail", **MAIL).location
    run_jobs(app)
    page = ann.page(address)
    assert "Failed" in page and words in page and "spam" not in page and "Run again" in page
    smtp.replies = {}
    assert "The job has been started again." in ann.follow(ann.post(f"{address}/retry"))
    run_jobs(app)
    assert len(smtp.accepted) == 1
    assert "Done" in ann.page(address)


@pytest.mark.parametrize("replies", [{"recipient": "451 later"}, {"mail": "451 later"}])
def test_a_temporary_refusal_is_retried_later(app, ann, smtp, replies):
    smtp.replies = replies
    address = ann.post("/tools/send-mail", **MAIL).location
    run_jobs(app)
    page = ann.page(address)
    assert "Waiting to retry" in page and "We will try again in 1 minute." in page
    smtp.replies = {}
    with at(now() + timedelta(minutes=1)), app.app_context():
        run_due()
    assert len(smtp.accepted) == 1


def test_an_unreachable_server_fails_at_last_without_internals(app, ann):
    app.config |= {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": 9, "MAIL_TLS": "none"}
    address = ann.post("/tools/send-mail", **MAIL).location
    moment = now()
    for _try in range(MAIL_TRIES):
        moment += timedelta(hours=1)
        with at(moment):
            run_jobs(app)
    page = ann.page(address)
    assert "The mail server takes no e-mail at the moment." in page
    assert "Traceback" not in page and "refused" not in page
    (job,) = _jobs(app)
    assert "ConnectionRefusedError" in job.error


INJECTIONS = (
    "=?utf-8?q?x=0ABcc:_eve=40example.org?=",
    "=?utf-8?q?x=0D=0ABcc:_eve=40example.org=0D=0A=0D=0AMine.?=",
    "=?utf-8?b?eApCY2M6IGV2ZUBleGFtcGxlLm9yZwoKTWluZS4=?=",
    "Hello =?us-ascii?Q?=0ABcc:_eve?= there",
    "=?utf-8?q?x?=",
    "마당 =?euc-kr?q?=0D=0ABcc:_eve?=",
)


@pytest.mark.parametrize("subject", INJECTIONS)
def test_an_encoded_word_in_a_subject_is_text(app, ann, smtp, subject):
    _confirm(app, ann)
    ann.post("/tools/send-mail", **MAIL | {"subject": subject})
    run_jobs(app)
    ((recipients, content),) = smtp.accepted
    mail = message_from_bytes(content, policy=policy.default)
    assert (recipients, mail["Subject"], mail["Bcc"]) == (["bob@example.com"], subject, None)
    assert mail.get_content().startswith("첫 줄")
    names = "From To Reply-To Subject Date Message-ID Content-Type Content-Transfer-Encoding MIME-Version"
    assert sorted(mail.keys()) == sorted(names.split())


TWINS = ("=?utf-8?q?bob?=@example.com", "=?utf-8?b?Ym9i?=@example.com", "=?us-ascii?q?b=6fb?=@example.com",
         "=?latin1?Q?bob?=@example.com", "bob=?utf-8?q?=0D=0ABcc=3Ay?=@example.com", '"bob"@example.com')  # fmt: skip


@pytest.mark.parametrize("to", TWINS)
def test_an_address_that_mail_programs_decode_is_refused(app, ann, smtp, to):
    assert "does not look like an e-mail address" in ann.post("/tools/send-mail", **MAIL | {"to": to}).text
    assert program_of(ann).post("/tools/mails", MAIL | {"to": to}).status_code == 422
    run_jobs(app)
    assert (smtp.accepted, _jobs(app)) == ([], [])


@pytest.mark.parametrize("to", TWINS)
def test_a_job_from_before_with_such_an_address_says_so(app, ann, smtp, to):
    ann.post("/tools/send-mail", **MAIL)
    with app.app_context(), transaction() as session:
        (job,) = session.scalars(select(Job).where(Job.name == "tools.send_an_email"))
        job.arguments = MAIL | {"to": to}
    run_jobs(app)
    (job,) = _jobs(app)
    assert (smtp.accepted, job.state) == ([], "failed")
    assert "does not look like an e-mail address" in ann.page(f"/jobs/{job.id}")


@pytest.mark.parametrize("address", TWINS)
def test_such_an_address_from_before_is_no_reply_to(app, ann, smtp, address):
    _confirm(app, ann)
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == ann.id).values(email=address))
    ann.post("/tools/send-mail", **MAIL)
    run_jobs(app)
    assert message_from_bytes(smtp.accepted[0][1])["Reply-To"] is None
