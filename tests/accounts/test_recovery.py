"""Links in mails: password reset and address confirmation."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from madang.accounts.models import User
from madang.accounts.operations.recovery import set_email
from madang.cli import cli
from madang.core.clock import at, now
from madang.core.db import db, transaction
from tests.accounts.mailbox import link_in, mails
from tests.people import PASSWORD

NEW_PASSWORD = "eleven boats at the pier"
PASSWORD_FIELDS = {"password": NEW_PASSWORD, "password2": NEW_PASSWORD}


def _request_link(app, person, email="ann@example.org") -> str:
    """Request a password reset, and return the link in the mail."""
    assert person.post("/auth/forgot", email=email).status_code == 200
    return link_in(mails(app)[-1])


def test_a_forgotten_password_is_set_by_the_link(app, ann, people, visitor):
    link = _request_link(app, visitor, "ANN@example.org")
    assert "ann" in visitor.page(link)
    page = visitor.follow(visitor.post(link, **PASSWORD_FIELDS))
    assert "Your new password is set" in page and "/users/ann" in page
    assert people.visitor().post("/auth/login", username="ann", password=NEW_PASSWORD).status_code == 302
    assert people.visitor().post("/auth/login", username="ann", password=PASSWORD).status_code == 422


def test_a_new_password_ends_every_session(app, ann, visitor):
    visitor.post(_request_link(app, visitor), **PASSWORD_FIELDS)
    assert ann.get("/settings").status_code == 302


def test_the_link_works_once(app, ann, people, visitor):
    link = _request_link(app, visitor)
    visitor.post(link, **PASSWORD_FIELDS)
    other = people.visitor()
    assert "used already, or it is too old" in other.page(link, 410)
    assert other.post(link, **PASSWORD_FIELDS).status_code == 410


def test_the_link_works_for_two_hours(app, ann, visitor):
    requested_at = now()
    link = _request_link(app, visitor)
    with at(requested_at + timedelta(minutes=119)):
        visitor.page(link)
    with at(requested_at + timedelta(minutes=121)):
        visitor.page(link, 410)


def test_a_changed_address_voids_the_link(app, ann, visitor):
    link = _request_link(app, visitor)
    with app.app_context(), transaction() as session:
        set_email(session.get(User, ann.id), "new@example.org")
    visitor.page(link, 410)


@pytest.mark.parametrize("token", ["x", "WzEsImEiXQ.aaa.bbb", "%F0%9F", "한글", "a" * 3000])
def test_a_forged_link_is_refused(ann, visitor, token):
    visitor.page(f"/auth/reset/{token}", 410)
    visitor.page(f"/auth/confirm/{token}", 410)


def test_a_password_link_confirms_no_address(app, ann, visitor):
    token = _request_link(app, visitor).rpartition("/")[2]
    visitor.page(f"/auth/confirm/{token}", 410)


def test_a_weak_new_password_is_refused_and_the_link_stays_valid(app, ann, visitor):
    link = _request_link(app, visitor)
    response = visitor.post(link, password="short", password2="other")
    assert response.status_code == 422
    assert "at least 10 characters" in response.text and "differ" in response.text
    assert visitor.post(link, **PASSWORD_FIELDS).status_code == 302


def test_the_response_does_not_reveal_whether_an_address_has_an_account(app, ann, people):
    pages = []
    for email in ("ann@example.org", "nobody@example.org"):
        response = people.visitor().post("/auth/forgot", email=email)
        lines = [line for line in response.text.splitlines() if "nonce" not in line]
        pages.append((response.status_code, "\n".join(lines).replace(email, "")))
    assert pages[0] == pages[1]
    assert [mail["To"] for mail in mails(app)] == ["ann@example.org"]


def test_a_malformed_address_is_refused(visitor):
    response = visitor.post("/auth/forgot", email="ann at home")
    assert response.status_code == 422
    assert "does not look like an e-mail address" in response.text


def test_mails_per_address_are_limited(app, ann, people):
    app.config["MAIL_LIMIT"] = "2 per hour"
    for _try in range(2):
        assert people.visitor().post("/auth/forgot", email="ann@example.org").status_code == 200
    assert people.visitor().post("/auth/forgot", email="Ann@Example.org").status_code == 429
    assert len(mails(app)) == 2


def test_the_mail_is_in_its_readers_language(app, cho, visitor):
    link = _request_link(app, visitor, "cho@example.org")
    assert link
    mail = mails(app)[-1]
    assert "비밀번호" in mail["Subject"] and "비밀번호" in mail.get_content()


def test_links_ignore_a_forged_host_header(app, ann, visitor):
    visitor.page("/auth/login")
    for host in ("evil.example", "evil.example\\@localhost", "evil.example#@localhost", "localhost:5999"):
        visitor.client.post(
            "/auth/forgot", data={"email": "ann@example.org", "csrf_token": visitor.token}, headers={"Host": host}
        )
    texts = [mail.get_content() for mail in mails(app)]
    assert all("evil.example" not in text for text in texts)
    assert any("http://localhost:5999/auth/reset/" in text for text in texts)


def test_an_imported_account_is_claimed_by_mail(app, ann, visitor):
    with app.app_context(), transaction() as session:
        imported = session.scalar(select(User).where(User.id == ann.id))
        imported.password_hash = imported.email = imported.email_key = None
        session.flush()
    visitor.post("/auth/forgot", email="claimed@example.org")
    assert mails(app) == []
    with app.app_context():
        result = app.test_cli_runner().invoke(cli.commands["set-email"], ["ann", "claimed@example.org"])
    assert result.exit_code == 0, result.output
    link = _request_link(app, visitor, "claimed@example.org")
    assert visitor.post(link, **PASSWORD_FIELDS).status_code == 302
    with app.app_context():
        assert db.session.get(User, ann.id).email_confirmed_at is not None


def test_set_email_refuses_the_address_of_another_account(app, ann, bob):
    result = app.test_cli_runner().invoke(cli.commands["set-email"], ["ann", "bob@example.org"])
    assert result.exit_code != 0


# E-mail confirmation


def _sign_up(app, visitor) -> str:
    """Sign up with address confirmation, and return the link in the mail."""
    app.config["EMAIL_CONFIRMATION"] = True
    fields = {"username": "nari", "email": "nari@example.org", "password": PASSWORD, "password2": PASSWORD}
    assert visitor.post("/auth/signup", **fields).status_code == 302
    visitor.username, visitor._token = "nari", ""
    return link_in(mails(app)[-1])


def test_a_new_member_confirms_the_address_by_a_link(app, visitor):
    link = _sign_up(app, visitor)
    assert "Please confirm your e-mail address" in visitor.page("/")
    page = visitor.follow(visitor.get(link))
    assert "nari@example.org is confirmed" in page
    assert "Please confirm your e-mail address" not in visitor.page("/")


def test_the_confirming_link_works_once_and_for_three_days(app, visitor):
    signed_up_at = now()
    link = _sign_up(app, visitor)
    with at(signed_up_at + timedelta(days=3, minutes=1)):
        visitor.page(link, 410)
    assert visitor.get(link).status_code == 302
    visitor.page(link, 410)


def test_the_link_is_sent_again(app, visitor):
    _sign_up(app, visitor)
    assert "sent the link to nari@example.org again" in visitor.follow(visitor.post("/auth/confirm"))
    assert visitor.get(link_in(mails(app)[-1])).status_code == 302
    assert len(mails(app)) == 2


def test_without_address_confirmation_no_mail_is_sent(app, visitor):
    fields = {"username": "nari", "email": "nari@example.org", "password": PASSWORD, "password2": PASSWORD}
    visitor.post("/auth/signup", **fields)
    assert mails(app) == []


def test_a_visitor_must_log_in_to_request_a_confirmation(visitor):
    assert visitor.post("/auth/confirm").location.startswith("/auth/login")
