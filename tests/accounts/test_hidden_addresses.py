"""Where mails confirm addresses, nobody learns from Madang whether an address has an account."""

import re

import pytest
from sqlalchemy import select

from madang.accounts.models import User
from madang.core.db import db
from madang.core.web import rate_limits
from tests.accounts.mailbox import link_in, mails
from tests.api.programs import program_of
from tests.people import PASSWORD, Person

pytestmark = pytest.mark.each_database
TAKEN, FREE = "ann@example.org", "nobody@example.org"


@pytest.fixture(autouse=True)
def confirming(app, ann):
    """A site that confirms addresses; Ann has confirmed hers."""
    app.config["EMAIL_CONFIRMATION"] = True


def _sign_up(person: Person, name: str, email: str):
    response = person.post("/auth/signup", username=name, email=email, password=PASSWORD, password2=PASSWORD)
    assert response.status_code == 302, response.text
    person.username, person._token = name, ""
    return response


def _row(app, name: str) -> User:
    with app.app_context():
        user = db.session.scalar(select(User).where(User.username == name))
        db.session.expunge(user)
        return user


def _comparable(text: str, name: str, email: str) -> str:
    """A text without what differs between any two accounts."""
    text = re.sub(
        r'nonce="[^"]*"|csrf[-_]token" (content|value)="[^"]*"|data-at="[^"]*"|\d{4}-\d\d-\d\dT[\d:.+Z]*', "", text
    )
    text = re.sub(r'name="account" content="\d+"', "", text)
    text = re.sub(r"av-\d", "", text)  # the colour of the picture that is drawn from the name
    return text.replace(email, "EMAIL").replace(name, "NAME")


@pytest.mark.parametrize("path", ["/", "/settings/account", "/users/{name}", "/settings"])
@pytest.mark.parametrize("taken", [TAKEN, "ANN@Example.org", " ann@EXAMPLE.org "])
def test_signing_up_looks_the_same_for_a_taken_and_a_free_address(app, people, path, taken):
    pages = []
    for name, email in (("nari1", taken), ("nari2", FREE)):
        person = people.visitor()
        response = _sign_up(person, name, email)
        page = person.page(path.format(name=name))
        pages.append((response.location, _comparable(page, name, email.strip())))
    assert pages[0] == pages[1]


def test_the_api_answers_alike(app):
    bodies = []
    for name, email in (("nari1", TAKEN), ("nari2", FREE)):
        client = app.test_client()
        answer = client.post("/api/v1/auth/register", json={"username": name, "email": email, "password": PASSWORD})
        body = {key: value for key, value in answer.json.items() if not key.endswith("_at") and key != "id"}
        bodies.append((answer.status_code, _comparable(str(body), name, email)))
    assert bodies[0] == bodies[1]


def test_the_owner_of_a_taken_address_gets_a_mail(app, ann, visitor):
    _sign_up(visitor, "nari", TAKEN)
    (mail,) = mails(app)
    text = mail.get_content()
    assert mail["To"] == TAKEN and "You already have an account at" in mail["Subject"]
    assert "for the account nari" in text and "your account ann" in text
    assert "/auth/confirm/" not in text and "/auth/login" in text and "/auth/forgot" in text
    assert _row(app, "ann").email == TAKEN


def test_a_free_address_gets_the_link_and_belongs_to_the_account_once_confirmed(app, visitor, people):
    _sign_up(visitor, "nari", FREE)
    (mail,) = mails(app)
    assert mail["To"] == FREE
    assert _log_in(people.visitor(), FREE) == 422
    visitor.post(link_in(mail))
    assert _log_in(people.visitor(), FREE) == 302


def _log_in(person: Person, login: str) -> int:
    return person.post("/auth/login", username=login, password=PASSWORD).status_code


@pytest.mark.parametrize("email", [TAKEN, FREE])
def test_logging_in_does_not_tell_a_waiting_address_from_a_taken_one(app, people, email):
    """With a password of one's own: both accounts wait for the address."""
    other = "another password of mine"
    fields = {"username": "nari", "email": email, "password": other, "password2": other}
    assert people.visitor().post("/auth/signup", **fields).status_code == 302
    refused = people.visitor().post("/auth/login", username=email, password=other)
    assert refused.status_code == 422
    assert "Until an address is confirmed" in refused.text
    assert people.visitor().post("/auth/login", username="nari", password=other).status_code == 302


def test_the_first_to_confirm_an_address_gets_it(app, people):
    links = {}
    for name in ("nari1", "nari2"):
        _sign_up(people.visitor(), name, FREE)
        links[name] = link_in(mails(app)[-1])
    assert people.visitor().post(links["nari2"]).status_code == 302
    refused = people.visitor().post(links["nari1"])
    assert refused.status_code == 409
    assert "Another account now uses this address" in refused.text
    assert (_row(app, "nari1").email_key, _row(app, "nari2").email_key) == (None, FREE)


def test_a_forgotten_password_before_the_confirmation(app, visitor, people):
    """The link proves the address as the confirmation does."""
    _sign_up(visitor, "nari", FREE)
    people.visitor().post("/auth/forgot", email=FREE)
    link = link_in(mails(app)[-1])
    words = "another password of mine"
    assert people.visitor().post(link, password=words, password2=words).status_code == 302
    row = _row(app, "nari")
    assert row.email_key == FREE and row.email_confirmed_at and row.pending_email_key is None


def test_a_forgotten_password_reaches_the_owner_and_not_those_who_wait(app, people):
    _sign_up(people.visitor(), "nari", TAKEN)
    people.visitor().post("/auth/forgot", email=TAKEN)
    assert "your account ann" in mails(app)[-1].get_content()


def test_a_password_link_of_an_address_that_another_took_leaves_it_unconfirmed(app, people):
    _sign_up(people.visitor(), "nari", FREE)
    people.visitor().post("/auth/forgot", email=FREE)
    link = link_in(mails(app)[-1])
    _sign_up(people.visitor(), "sora", FREE)
    people.visitor().post(link_in(mails(app)[-1]))
    words = "another password of mine"
    assert people.visitor().post(link, password=words, password2=words).status_code == 302
    assert _row(app, "nari").email_confirmed_at is None and _row(app, "sora").email_key == FREE


@pytest.mark.parametrize("email", [TAKEN, "Ann@example.org"])
def test_a_change_to_a_taken_address_is_answered_like_any_other(app, bob, cho, email):
    answers, earlier = [], len(mails(app))
    for person, wanted in ((bob, email), (cho, FREE)):
        change = {"email": wanted, "current_password": PASSWORD}
        response = person.post("/settings/account/email", **change)
        answers.append((response.status_code, response.location))
        assert program_of(person).put("/me/email", json=change).status_code == 202
    assert answers[0] == answers[1]
    assert {mail["To"] for mail in mails(app)[earlier:]} == {TAKEN, FREE}
    assert _row(app, "bob").email == "bob@example.org"


def test_the_mails_to_one_address_are_limited(app, people):
    app.config["MAIL_LIMIT"] = "2 per hour"
    rate_limits.connect(None)
    for name in ("nari1", "nari2"):
        _sign_up(people.visitor(), name, TAKEN)
    _sign_up(people.visitor(), "nari3", TAKEN.upper())
    fields = {"username": "nari4", "email": TAKEN, "password": PASSWORD}
    assert app.test_client().post("/api/v1/auth/register", json=fields).status_code == 201
    assert len(mails(app)) == 2


@pytest.mark.parametrize("email", [TAKEN, FREE])
def test_the_mails_that_confirm_again_are_limited_by_address(app, people, email):
    """Whoever has many accounts sends no more to one address; the answer is that of a mail that was sent."""
    app.config["MAIL_LIMIT"] = "2 per hour"
    rate_limits.connect(None)
    persons = [people.visitor() for _number in range(2)]
    for number, person in enumerate(persons):
        _sign_up(person, f"nari{number}", email)
    earlier = len(mails(app))
    answers = []
    for person in persons:
        for _time in range(2):
            answers.append(person.follow(person.post("/auth/confirm")).count(f"sent the link to {email} again"))
    assert answers == [1] * 4
    assert len(mails(app)) - earlier == 2


def test_a_link_that_was_not_sent_again_leaves_the_former_one_good(app, people):
    app.config["MAIL_LIMIT"] = "2 per hour"
    rate_limits.connect(None)
    nari, other = people.visitor(), people.visitor()
    _sign_up(nari, "nari", FREE)
    link = link_in(mails(app)[-1])
    _sign_up(other, "other", FREE)
    for person in (other, other, nari):
        assert person.post("/auth/confirm").status_code == 302
    assert nari.post(link).status_code == 302
    assert _row(app, "nari").email_key == FREE


def test_a_forgotten_password_of_several_accounts_that_wait_for_an_address(app, people):
    """One mail names the newest three, with a link for each."""
    for number in range(4):
        _sign_up(people.visitor(), f"nari{number}", FREE)
    earlier = len(mails(app))
    people.visitor().post("/auth/forgot", email=FREE)
    (mail,) = mails(app)[earlier:]
    links = dict(re.findall(r"(nari\d):\s+https?://[^/\s]+(/auth/reset/\S+)", mail.get_content()))
    assert sorted(links) == ["nari1", "nari2", "nari3"]
    words = "another password of mine"
    visitor = people.visitor()
    assert visitor.post(links["nari1"], password=words, password2=words).status_code == 302
    assert "/users/nari1" in visitor.page("/")
    assert _row(app, "nari1").email_key == FREE


def test_staff_find_an_account_by_the_address_that_waits(app, ruth, visitor):
    _sign_up(visitor, "nari", FREE)
    assert "nari" in ruth.page("/admin/users?q=nobody@example")


def test_staff_who_change_another_field_leave_the_address_waiting(app, ruth, visitor):
    _sign_up(visitor, "nari", TAKEN)
    fields = {"username": "nari", "display_name": "Nari", "email": TAKEN, "role": "member"}
    user_id = _row(app, "nari").id
    response = ruth.post(f"/admin/users/{user_id}", confirmed="1", **fields)
    assert response.status_code == 302, response.text
    row = _row(app, "nari")
    assert (row.display_name, row.email_key, row.pending_email_key) == ("Nari", None, TAKEN)


def test_without_mails_a_taken_address_is_named(app, visitor):
    """Nobody could be told by mail, and an account without an address cannot ask for a new password."""
    app.config["EMAIL_CONFIRMATION"] = False
    fields = {"username": "nari", "email": TAKEN, "password": PASSWORD, "password2": PASSWORD}
    response = visitor.post("/auth/signup", **fields)
    assert response.status_code == 422
    assert "There is already an account with this address" in response.text
