"""Addresses: the Unicode and ASCII form of a domain are one, before the @ only case is ignored; what cannot be sent."""

import pytest

from madang.accounts.models import User
from madang.cli import cli
from madang.core.db import transaction
from madang.core.email_addresses import email_key, sendable_address
from tests.accounts.mailbox import mails
from tests.accounts.test_sign_up import REGISTRATION
from tests.api.programs import Program, program_of
from tests.people import PASSWORD

pytestmark = pytest.mark.each_database

DOMAIN, ASCII_DOMAIN = "한글.kr", "xn--bj0bj06e.kr"
LONG_LOCAL = "a" * 65


def sign_up(person, email: str, username: str = "nari"):
    return person.post("/auth/signup", **REGISTRATION | {"username": username, "email": email})


def can_send_utf8(app, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_SMTPUTF8", True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"u@{DOMAIN}", f"u@{ASCII_DOMAIN}"),
        (f"u@{DOMAIN}", f"U@{ASCII_DOMAIN.upper()}"),
        ("u@한글。kr", f"u@{DOMAIN}"),
        ("u@BÜCHER.de", "u@xn--bcher-kva.de"),
        ("u@straße.de", "u@xn--strae-oqa.de"),
        ("u@ｅｘａｍｐｌｅ.org", "u@example.org"),
        (" Ann@Example.ORG ", "ann@example.org"),
    ],
)
def test_addresses_that_mail_treats_as_equal_have_one_key(one, other):
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("straße@a.kr", "strasse@a.kr"), ("u@straße.de", "u@strasse.de"), ("ﬁ@a.kr", "fi@a.kr"), ("ｕ@a.kr", "u@a.kr"),
     ("İ@a.kr", "i@a.kr"), ("É@a.kr", "é@a.kr"), ("a@b.kr", "b@b.kr"), ("u@a.kr", "u@b.kr"), ("ſ@a.kr", "s@a.kr")],
)  # fmt: skip
def test_addresses_that_mail_tells_apart_have_two(one, other):
    assert email_key(one) != email_key(other)


@pytest.mark.parametrize(
    "text", ["", "@", "a@", "@b", "a@b@c", "a@xn--", "a@" + "한" * 300, "\ud800@a", "a@..", "a@-b"]
)
def test_a_malformed_address_has_a_key_too(text):
    assert email_key(text) is not None and sendable_address(text) is not None


def test_both_forms_of_a_domain_are_one_account_and_get_mail(app, visitor, people):
    assert sign_up(visitor, f"u@{DOMAIN}").status_code == 302
    assert sign_up(people.visitor(), f"u@{ASCII_DOMAIN}", "other").status_code == 422
    assert Program(app).post("/auth/register", {**REGISTRATION, "username": "other", "email": f"U@{ASCII_DOMAIN}"}
                             ).status_code == 422  # fmt: skip
    for address in (f"u@{DOMAIN}", f"u@{ASCII_DOMAIN}"):
        person = people.visitor()
        assert person.post("/auth/login", username=address, password=PASSWORD).status_code == 302
        person = people.visitor()
        person.post("/auth/forgot", email=address)
        assert mails(app)[-1]["To"] == f"u@{ASCII_DOMAIN}"


def test_letters_that_only_fold_alike_are_two_accounts(app, visitor, people, monkeypatch):
    can_send_utf8(app, monkeypatch)
    assert sign_up(visitor, "straße@a.kr").status_code == 302
    assert sign_up(people.visitor(), "strasse@a.kr", "other").status_code == 302


def test_a_domain_that_only_folds_alike_finds_no_account(app, visitor, people):
    assert sign_up(visitor, "u@strasse.de").status_code == 302
    sent = len(mails(app))
    people.visitor().post("/auth/forgot", email="u@straße.de")
    assert not [mail for mail in mails(app)[sent:] if "u@strasse.de" in str(mail)]


@pytest.mark.parametrize("address", ["홍길동@example.org", "straße@example.org", "ｕ@example.org", f"조@{DOMAIN}"])
def test_an_address_that_the_server_cannot_send_to_is_refused(app, ann, root, visitor, address, monkeypatch):
    sentence = "We cannot send mail to addresses with letters other than a to z before the @."
    assert sentence in sign_up(visitor, address).text
    program = Program(app)
    assert program.post("/auth/register", {**REGISTRATION, "email": address}).status_code == 422
    assert ann.post("/settings/account/email", email=address, current_password=PASSWORD).status_code == 422
    change = {"email": address, "current_password": PASSWORD}
    assert program_of(ann).put("/me/email", change).status_code == 422
    assert program_of(root).patch("/admin/users/ann", {"email": address}).status_code == 422
    can_send_utf8(app, monkeypatch)
    assert sign_up(visitor, address).status_code == 302


@pytest.mark.parametrize(
    "address",
    [f"{LONG_LOCAL}@example.org", "한" * 22 + "@example.org", "a@" + "b" * 64 + ".org", "a@xn--.org",
     "a@" + ("c" * 60 + ".") * 5 + "org", "a@" + "한글글글글글글글글글." * 12 + "kr"],
)  # fmt: skip
def test_a_part_that_is_too_long_is_refused(app, visitor, address, monkeypatch):
    can_send_utf8(app, monkeypatch)
    assert sign_up(visitor, address).status_code == 422


@pytest.mark.parametrize(
    "address",
    ["=?utf-8?q?ann?=@example.org", "=?utf-8?b?YW5u?=@example.org", "=?us-ascii?q?a=6En?=@example.org",
     "=?latin1?Q?ann?=@example.org", "x=?utf-8?q?=0ABcc:_y?=@example.org", '"ann"@example.org', "ann(eve)@example.org"],
)  # fmt: skip
def test_an_address_that_mail_programs_read_as_another_is_refused(app, ann, root, visitor, address):
    sentence = "This does not look like an e-mail address."
    assert sentence in sign_up(visitor, address).text
    program = Program(app)
    assert program.post("/auth/register", {**REGISTRATION, "email": address}).status_code == 422
    assert sentence in ann.post("/settings/account/email", email=address, current_password=PASSWORD).text
    assert program_of(ann).put("/me/email", {"email": address, "current_password": PASSWORD}).status_code == 422
    assert program_of(root).patch("/admin/users/ann", {"email": address}).status_code == 422
    result = app.test_cli_runner().invoke(cli.commands["set-email"], ["ann", address])
    assert result.exit_code != 0 and sentence in str(result.exception)
    assert mails(app) == []


def test_an_account_that_has_such_an_address_logs_in_and_gets_no_mail(app, ann, people):
    address = "=?utf-8?q?bob?=@example.org"
    with app.app_context(), transaction() as session:
        session.get_one(User, ann.id).email = session.get_one(User, ann.id).email_key = address
    person = people.visitor()
    assert person.post("/auth/login", username=address, password=PASSWORD).status_code == 302
    assert people.visitor().post("/auth/forgot", email=address).status_code == 422
    assert mails(app) == []


def test_an_account_whose_key_could_not_be_recomputed_still_logs_in(app, ann, bob, people):
    with app.app_context(), transaction() as session:
        user, other = session.get_one(User, ann.id), session.get_one(User, bob.id)
        user.email = user.email_key = f"u@{DOMAIN}"
        other.email = other.email_key = f"u@{ASCII_DOMAIN}"
    for address, name in ((f"u@{DOMAIN}", "ann"), (f"u@{ASCII_DOMAIN}", "bob")):
        person = people.visitor()
        assert person.post("/auth/login", username=address, password=PASSWORD).status_code == 302
        assert f"/users/{name}" in person.page("/")
