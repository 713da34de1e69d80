"""What somebody tries who wants the site to break, to wait, or to tell what it should not."""

from time import process_time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from madang.core import ratelimit
from madang.core.db import db
from madang.core.text import clean_body, clean_line

from .cast import PASSWORD

ACCENTS = "\u0315\u0300"
QUICK_SECONDS = 5  # the attack takes minutes


@pytest.fixture(autouse=True)
def no_counts():
    """Whatever was counted against a limit before is forgotten."""
    ratelimit.connect(None)


@pytest.fixture(autouse=True)
def in_time():
    """No test of this file may take a processor longer than a slow machine takes for an honest request."""
    began = process_time()
    yield
    assert process_time() - began < QUICK_SECONDS


@pytest.mark.parametrize("pile", ["a" + ACCENTS * 500_000, "\u0f73" * 500_000, "가" + "\uff9e" * 500_000])
def test_a_pile_of_accents_is_cut_before_it_is_put_in_order(pile):
    assert len(clean_body(pile)) < 100
    assert len(clean_line(pile)) < 100


def test_letters_keep_the_accents_that_languages_put_on_them():
    assert clean_body("e\u0323\u0302 " * 3).split() == ["\u1ec7"] * 3
    assert len(clean_body("q" + "\u0300" * 30)) == 31


@pytest.mark.parametrize("path", ["/auth/login", "/auth/signup", "/auth/forgot"])
@pytest.mark.parametrize("words", ["a" + ACCENTS * 300_000, "a" * 1_500_000, '"' * 1_500_000, "a@" + "é." * 400_000])
def test_a_form_takes_no_longer_for_a_very_long_name(visitor, path, words):
    fields = {"username": words, "email": words, "password": PASSWORD, "password2": PASSWORD}
    assert visitor.post(path, **fields).status_code == 422


@pytest.mark.parametrize("path", ["/search?q=", "/users?q=", "/tags?q=", "/users/", "/posts/similar?title="])
def test_an_address_takes_no_longer_for_a_pile_of_accents(visitor, path):
    assert visitor.get(path + "a" + ACCENTS * 20_000).status_code in (200, 404)


@pytest.mark.parametrize("name", ["\ufdfa" * 30, "\ufdfa" * 10])
def test_a_name_that_grows_when_it_is_folded_is_refused(visitor, name):
    fields = {"email": "long@example.org", "password": PASSWORD, "password2": PASSWORD}
    assert visitor.post("/auth/signup", username=name, **fields).status_code == 422


def test_an_address_that_grows_when_it_is_folded_is_refused(visitor):
    email = "\ufdfa" * 20 + "@example.org"
    fields = {"username": "long", "password": PASSWORD, "password2": PASSWORD}
    assert visitor.post("/auth/signup", email=email, **fields).status_code == 422
    assert visitor.post("/auth/forgot", email=email).status_code == 422


def test_a_new_account_is_no_new_count_of_accounts(app, visitor):
    app.config["SIGNUP_LIMIT"] = "2 per hour"
    fields = {"password": PASSWORD, "password2": PASSWORD}
    answers = []
    for name in ("nari1", "nari2", "nari3"):
        answers.append(visitor.post("/auth/signup", username=name, email=f"{name}@example.org", **fields).status_code)
        visitor.username, visitor._token = name, ""
    assert answers == [302, 302, 429]


def test_whoever_is_logged_in_tries_no_more_passwords_than_others(app, eve, visitor):
    app.config["LOGIN_LIMIT"] = "2 per minute"
    tries = [person.post("/auth/login", username="ann", password="wrong") for person in (visitor, eve, eve)]
    assert [answer.status_code for answer in tries] == [422, 422, 429]


def test_the_addresses_of_one_household_are_one(app, visitor):
    app.config["LOGIN_LIMIT"] = "2 per minute"
    tries = []
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2::3", "2001:db8:1:3::1", "198.51.100.1"):
        visitor.client.environ_base["REMOTE_ADDR"] = address
        tries.append(visitor.post("/auth/login", username="ann", password="wrong").status_code)
    assert tries == [422, 422, 429, 422, 422]


def test_a_forged_address_is_not_believed(app, visitor):
    app.config["LOGIN_LIMIT"] = "2 per minute"
    tries = [
        visitor.post("/auth/login", username="ann", password="wrong", headers={"X-Forwarded-For": f"198.51.100.{n}"})
        for n in range(3)
    ]
    assert tries[-1].status_code == 429


def test_going_back_and_forth_between_texts_is_limited_as_writing_is(app, ann):
    app.config["POST_LIMIT"] = "3 per minute"
    question = ann.ask()
    ann.post(f"/posts/{question}/edit", title="How do I move a yard?", body="Another text of this question.", version=1)
    answers = [ann.post(f"/posts/{question}/revisions/{number}/revert").status_code for number in (1, 2)]
    assert answers == [302, 429]


@pytest.mark.parametrize(
    ("limit", "path", "fields"),
    [
        ("DRAFT_LIMIT", "/posts/drafts", {"key": "post", "body": "so"}),
        ("POST_LIMIT", "/settings", {"display_name": "A"}),
    ],
)
def test_nothing_that_writes_is_without_a_limit(app, ann, limit, path, fields):
    app.config[limit] = "1 per minute"
    assert [ann.post(path, **fields).status_code for _time in range(2)][1] == 429


def test_a_form_takes_no_longer_for_a_million_tags(ann):
    answer = ann.post(
        "/posts/new", board="qa", title="How many tags?", body="More than anybody needs.", tags="a " * 1_000_000
    )
    assert answer.status_code in (302, 422)


def test_an_error_of_the_database_does_not_tell_what_was_written(app):
    with app.app_context(), pytest.raises(SQLAlchemyError) as error:
        db.session.execute(text("INSERT INTO nowhere (word) VALUES (:word)"), {"word": "a secret"})
    assert "nowhere" in str(error.value) and "a secret" not in str(error.value)


def test_nobody_writes_lines_of_their_own_into_the_log(app, visitor, monkeypatch, caplog):
    def fail(*_args):
        raise RuntimeError

    monkeypatch.setattr("madang.tags.views.get_tag", fail)
    assert visitor.get("/tags/a%0aERROR forged line").status_code == 500
    assert "\n" not in caplog.records[-1].getMessage()
