"""Links in mails: password reset and address confirmation."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from madang.accounts.models import User
from madang.accounts.operations import recovery
from madang.accounts.operations.recovery import set_email
from madang.cli import cli
from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.core.web import rate_limits
from tests.accounts.mailbox import link_in, mails
from tests.accounts.mailed_links import (
    NEW_PASSWORD,
    PASSWORD_FIELDS,
    from_elsewhere,
    request_address,
    request_link,
    sign_up_to_confirm,
)
from tests.api.programs import Program
from tests.people import PASSWORD


def test_a_forgotten_password_is_set_by_the_link(app, ann, people, visitor):
    link = request_link(app, visitor, "ANN@example.org")
    assert "ann" in visitor.page(link)
    page = visitor.follow(visitor.post(link, **PASSWORD_FIELDS))
    assert "Your new password is set" in page and "/users/ann" in page
    assert people.visitor().post("/auth/login", username="ann", password=NEW_PASSWORD).status_code == 302
    assert people.visitor().post("/auth/login", username="ann", password=PASSWORD).status_code == 422


def test_a_new_password_ends_every_session(app, ann, visitor):
    visitor.post(request_link(app, visitor), **PASSWORD_FIELDS)
    assert ann.get("/settings").status_code == 302


def test_the_link_works_once(app, ann, people, visitor):
    link = request_link(app, visitor)
    visitor.post(link, **PASSWORD_FIELDS)
    other = people.visitor()
    assert "has expired, or was replaced by a newer one" in other.page(link, 410)
    assert other.post(link, **PASSWORD_FIELDS).status_code == 410


def test_the_link_works_for_two_hours(app, ann, visitor):
    requested_at = now()
    link = request_link(app, visitor)
    with at(requested_at + timedelta(minutes=119)):
        visitor.page(link)
    with at(requested_at + timedelta(minutes=121)):
        visitor.page(link, 410)


def test_a_changed_address_voids_the_link(app, ann, visitor):
    link = request_link(app, visitor)
    with app.app_context(), transaction() as session:
        set_email(session.get(User, ann.id), "new@example.org")
    visitor.page(link, 410)


@pytest.mark.parametrize("token", ["x", "WzEsImEiXQ.aaa.bbb", "%F0%9F", "한글", "a" * 3000])
def test_a_forged_link_is_refused(ann, visitor, token):
    visitor.page(f"/auth/reset/{token}", 410)
    visitor.page(f"/auth/confirm/{token}", 410)


def test_a_password_link_confirms_no_address(app, ann, visitor):
    token = request_link(app, visitor).rpartition("/")[2]
    visitor.page(f"/auth/confirm/{token}", 410)


def test_a_weak_new_password_is_refused_and_the_link_stays_valid(app, ann, visitor):
    link = request_link(app, visitor)
    response = visitor.post(link, password="short", password2="other")
    assert response.status_code == 422
    assert "at least 10 characters" in response.text and "do not match" in response.text
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


def test_mails_per_address_are_limited_and_the_answer_stays_the_same(app, ann, people):
    app.config["MAIL_LIMIT"] = "2 per hour"
    rate_limits.connect(None)
    addresses = ("ann@example.org", "ann@example.org", "Ann@Example.org", "ann@ｅｘａｍｐｌｅ.org")
    for number, address in enumerate(addresses):
        assert "we have sent a link there" in from_elsewhere(people, number).post("/auth/forgot", email=address).text
        answer = from_elsewhere(people, 50 + number).client.post("/api/v1/auth/forgot", json={"email": address})
        assert answer.status_code == 204
    assert len(mails(app)) == 2


def test_mails_of_one_purpose_keep_none_of_another(app, ann, bob, people):
    """Strangers who ask for mails to an address until its limit cannot stop its owner from recovering or signing up."""
    app.config.update(MAIL_LIMIT="1 per hour", EMAIL_CONFIRMATION=True)
    rate_limits.connect(None)
    address = "nari@example.org"

    def subjects() -> list[str]:
        return [mail["Subject"].partition(" at ")[0].partition(" for ")[0] for mail in mails(app)]

    for number in range(3):
        from_elsewhere(people, number).post("/auth/forgot", email=address)
    for number, name in enumerate(("nari", "sora")):
        fields = {"username": name, "email": address, "password": PASSWORD, "password2": PASSWORD}
        assert from_elsewhere(people, 10 + number).post("/auth/signup", **fields).status_code == 302
    assert subjects() == ["Please confirm your e-mail address"]
    assert bob.post("/settings/account/email", email=address, current_password=PASSWORD).status_code == 302
    assert subjects() == ["Please confirm your e-mail address"] * 2


def test_the_mail_is_in_its_readers_language(app, cho, visitor):
    link = request_link(app, visitor, "cho@example.org")
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
    link = request_link(app, visitor, "claimed@example.org")
    assert visitor.post(link, **PASSWORD_FIELDS).status_code == 302
    with app.app_context():
        assert db.session.get(User, ann.id).email_confirmed_at is not None


def test_set_email_refuses_the_address_of_another_account(app, ann, bob):
    result = app.test_cli_runner().invoke(cli.commands["set-email"], ["ann", "bob@example.org"])
    assert result.exit_code != 0


# E-mail confirmation


def test_a_new_member_confirms_the_address_by_a_link(app, visitor):
    link = sign_up_to_confirm(app, visitor)
    assert "Please confirm your e-mail address" in visitor.page("/")
    page = visitor.follow(visitor.post(link))
    assert "nari@example.org is confirmed" in page
    assert "Please confirm your e-mail address" not in visitor.page("/")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_opening_the_link_confirms_nothing(app, visitor, people, method):
    """Mail programs and scanners open links by themselves, also without the cookies of the person."""
    link = sign_up_to_confirm(app, visitor)
    for person in (visitor, people.visitor()):
        assert person.client.open(link, method=method).status_code == 200
    assert "Please confirm your e-mail address" in visitor.page("/")
    page = people.visitor().page(link)
    assert "Is nari@example.org the address of the account nari?" in page and '<form class="form-box' in page


def test_confirming_needs_the_csrf_token_of_the_page(app, visitor, people):
    link = sign_up_to_confirm(app, visitor)
    assert people.visitor().client.post(link).status_code == 400
    assert people.visitor().post(link).status_code == 302


def test_the_confirming_link_works_for_three_days(app, visitor):
    signed_up_at = now()
    link = sign_up_to_confirm(app, visitor)
    with at(signed_up_at + timedelta(days=3, minutes=1)):
        visitor.page(link, 410)
        assert visitor.post(link).status_code == 410
    assert visitor.post(link).status_code == 302


def test_a_used_link_says_that_the_address_is_confirmed(app, visitor, people):
    link = sign_up_to_confirm(app, visitor)
    visitor.post(link)
    with app.app_context():
        confirmed_at = db.session.scalar(select(User.email_confirmed_at).where(User.username == "nari"))
    assert "Already confirmed" in people.visitor().page(link)
    assert visitor.post(link).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(User.email_confirmed_at).where(User.username == "nari")) == confirmed_at


def test_the_link_is_sent_again_and_ends_the_first(app, visitor):
    first = sign_up_to_confirm(app, visitor)
    assert "sent the link to nari@example.org again" in visitor.follow(visitor.post("/auth/confirm"))
    visitor.page(first, 410)
    assert visitor.post(first).status_code == 410
    assert visitor.post(link_in(mails(app)[-1])).status_code == 302
    assert len(mails(app)) == 2


def test_the_api_confirms_by_a_token_once_and_says_so_again(app, ann, visitor):
    first, second = (request_address(app, ann, f"anna{number}@example.org") for number in (1, 2))
    program = Program(app)
    assert program.put("/auth/email", {"token": first.rpartition("/")[2]}).status_code == 410
    for _turn in range(2):
        assert program.put("/auth/email", {"token": second.rpartition("/")[2]}).status_code == 204
    with app.app_context():
        assert db.session.get(User, ann.id).email == "anna2@example.org"
    assert [mail["To"] for mail in mails(app)].count("ann@example.org") == 1, "the former address is told once"


@pytest.mark.parametrize("kind", ["page", "api"])
def test_of_two_requests_that_use_a_password_link_at_once_one_succeeds(app, ann, visitor, people, monkeypatch, kind):
    """The second request comes while the first hashes its password, which takes longest."""
    link = request_link(app, visitor)
    other, statuses = people.visitor(), []
    assert other.token

    def use(person, password):
        if kind == "page":
            return person.post(link, password=password, password2=password).status_code
        return Program(app).put("/auth/password", {"token": link.rpartition("/")[2], "password": password}).status_code

    original = recovery.hash_password

    def hash_after_the_other(password):
        monkeypatch.setattr(recovery, "hash_password", original)
        thread = threading.Thread(target=lambda: statuses.append(use(other, "nine geese on the ice")))
        thread.start()
        thread.join(60)
        return original(password)

    monkeypatch.setattr(recovery, "hash_password", hash_after_the_other)
    assert use(visitor, NEW_PASSWORD) == 410
    assert statuses in ([302], [204])
    assert people.visitor().post("/auth/login", username="ann", password=NEW_PASSWORD).status_code == 422


def test_without_address_confirmation_no_mail_is_sent(app, visitor):
    fields = {"username": "nari", "email": "nari@example.org", "password": PASSWORD, "password2": PASSWORD}
    visitor.post("/auth/signup", **fields)
    assert mails(app) == []


def test_a_visitor_must_log_in_to_request_a_confirmation(visitor):
    assert visitor.post("/auth/confirm").location.startswith("/auth/login")
