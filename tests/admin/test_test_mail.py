"""`madang test-mail` explains what the mail server answers, as the table in docs/operations/monitoring.md does."""

import socket

import pytest
from sqlalchemy import select

from madang.admin.operations.test_mails import send_test_mail
from madang.cli import cli
from madang.core import mail_outcomes
from madang.core.db import db, transaction
from madang.core.errors import MadangError
from madang.core.i18n import use_locale
from madang.core.mail import smtp
from madang.core.mail_outcomes import MailOutcome, mails_of_last_day, write_mail_outcomes
from tests.certificates import make_certificate, server_context
from tests.faults.site import free_port
from tests.smtp_server import smtp_server

pytestmark = pytest.mark.each_database
TO = "ann@example.org"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Wait for a silent server for as long as for one of this machine."""
    monkeypatch.setattr(smtp, "SMTP_TIMEOUT_SECONDS", 1)


@pytest.fixture(autouse=True)
def no_earlier_mails():
    """Forget what this process has counted in other tests and not written."""
    mail_outcomes._pending.clear()


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """A certificate for localhost that this process trusts."""
    path = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def answer(app, locale: str = "en") -> str:
    """What the command says."""
    with app.app_context(), use_locale(locale), pytest.raises(MadangError) as error:
        send_test_mail(TO)
    return error.value.message


def outcomes(app) -> dict[str, int]:
    with app.app_context():
        write_mail_outcomes()
        return mails_of_last_day(db.session.connection())


REPLIES = [
    ({"recipient": "550 5.1.1 no such user"}, "accepts no mail to this address", "refused"),
    ({"recipient": "553 5.1.3 bad address"}, "accepts no mail to this address", "refused"),
    ({"recipient": "451 4.7.1 <ann@example.org>: greylisted, come back"}, "greylisting", "failed"),
    ({"recipient": "450 4.2.0 try later"}, "greylisting", "failed"),
    ({"sender": "550 5.7.1 not your address"}, "does not accept the sender Yard <yard@example.org>", "refused"),
    ({"sender": "553 5.7.1 not owned by you"}, "does not accept the sender", "refused"),
    ({"sender": "552 5.3.4 too large"}, "larger than the mail server accepts", "refused"),
    ({"mail": "552 5.3.4 too large"}, "larger than the mail server accepts", "refused"),
    ({"mail": "554 5.7.1 looks like spam"}, "refused this e-mail", "refused"),
    ({"mail": "451 4.3.0 queue full"}, "busy", "failed"),
]


@pytest.mark.parametrize(("replies", "words", "outcome"), REPLIES)
def test_a_reply_is_explained_quoted_and_counted(app, replies, words, outcome):
    app.config["MAIL_FROM"] = "Yard <yard@example.org>"
    with smtp_server(app) as server:
        server.replies |= replies
        said = answer(app)
        in_korean = answer(app, "ko")
    (reply,) = replies.values()
    assert words in said and f"It answered: {reply}" in said
    assert f"서버의 응답: {reply}" in in_korean and words not in in_korean
    assert outcomes(app)[outcome] == 2


def test_a_mail_that_is_accepted_is_said_and_counted(app):
    with smtp_server(app) as server:
        result = app.test_cli_runner().invoke(cli.get_command(None, "test-mail"), [TO])
    assert result.exit_code == 0, result.output
    assert "has accepted the mail" in result.output
    assert [recipients for recipients, _content in server.accepted] == [[TO]]
    assert outcomes(app) == {"sent": 1, "refused": 0, "failed": 0}


def test_a_wrong_password_is_said(app, certificate):
    app.config |= {"MAIL_USERNAME": "board", "MAIL_PASSWORD": "right"}
    with smtp_server(app, tls="starttls", context=server_context(certificate)) as server:
        app.config["MAIL_PASSWORD"] = "wrong"
        said = answer(app)
        app.config["MAIL_PASSWORD"] = "right"
        with app.app_context():
            send_test_mail(TO)
    assert "MADANG_MAIL_PASSWORD" in said and "It answered: 535" in said
    assert len(server.accepted) == 1


def test_a_certificate_that_is_not_trusted_is_said(app, tmp_path):
    context = server_context(make_certificate(tmp_path))
    for tls in ("starttls", "ssl"):
        with smtp_server(app, tls=tls, context=context):
            assert "The certificate of localhost is not valid" in answer(app)


def test_a_certificate_of_another_name_is_said(app, tmp_path, monkeypatch):
    path = make_certificate(tmp_path, host="other.example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with smtp_server(app, tls="ssl", context=server_context(path)):
        assert "The certificate of localhost is not valid" in answer(app)


@pytest.mark.parametrize(
    ("server_tls", "tls"), [("none", "ssl"), ("none", "starttls"), ("ssl", "none"), ("ssl", "starttls")]
)
def test_the_wrong_encryption_for_a_port_is_said(app, certificate, server_tls, tls):
    context = server_context(certificate) if server_tls == "ssl" else None
    with smtp_server(app, tls=server_tls, context=context):
        app.config["MAIL_TLS"] = tls
        said = answer(app)
    assert "MADANG_MAIL_TLS" in said or "does not answer" in said  # who speaks first waits for the other


def test_a_closed_port_a_silent_server_and_an_unknown_name_are_said(app):
    app.config |= {"MAIL_SERVER": "127.0.0.1", "MAIL_TLS": "none", "MAIL_PORT": free_port()}
    assert "Nothing listens at port" in answer(app)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app.config["MAIL_PORT"] = silent.getsockname()[1]
        assert "does not answer at port" in answer(app)
    app.config["MAIL_SERVER"] = "no-such-host.invalid"
    assert "No server is named no-such-host.invalid" in answer(app)
    assert outcomes(app)["failed"] == 3


def test_without_a_server_or_a_plain_address_the_command_says_so(app):
    assert "Set MADANG_MAIL_SERVER" in answer(app)
    app.config["MAIL_SERVER"] = "127.0.0.1"
    with app.app_context(), pytest.raises(MadangError, match="does not look like an e-mail address"):
        send_test_mail("Ann <ann@example.org>")


def test_outcomes_are_added_up_by_hour(app):
    for _time in range(2):
        with smtp_server(app), app.app_context():
            for _mail in range(2):
                with transaction():
                    send_test_mail(TO)
            write_mail_outcomes()
    with app.app_context():
        assert [row.count for row in db.session.scalars(select(MailOutcome))] == [4]
