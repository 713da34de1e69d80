"""Each log-in is a line of the log: the account, how it logged in, and the client; so is each refused one."""

from base64 import b64encode

import pytest

from tests.accounts.test_sign_up import REGISTRATION
from tests.api.programs import V1, Program, tokens_of
from tests.people import PASSWORD, Person

ADDRESS = "203.0.113.77"


@pytest.fixture
def site(app, ann, log_lines):
    """The site after Ann has joined, with nothing in its log yet."""
    ann.page("/")
    log_lines()
    return app


@pytest.fixture
def security_lines(site, log_lines):
    """A function that returns the lines about security since the last call."""
    return lambda: [line for line in log_lines() if line["logger"] == "madang.security"]


def stranger(app) -> Person:
    person = Person(app)
    person.client.environ_base["REMOTE_ADDR"] = ADDRESS
    return person


def test_a_log_in_with_a_password(site, ann, security_lines):
    person = stranger(site)
    assert person.post("/auth/login", username="ann", password="wrong lantern").status_code == 422
    assert person.post("/auth/login", username="ann", password=PASSWORD).status_code == 302
    refused, accepted = security_lines()
    assert (refused["event"], accepted["event"]) == ("login_failed", "logged_in")
    assert (accepted["account"], accepted["route"], accepted["level"]) == (ann.id, "/auth/login", "info")
    assert accepted["client"] == refused["client"] and ADDRESS not in str(accepted)
    assert "account" not in refused, "whether there is one is not said"


def test_a_program_that_logs_in(site, ann, security_lines):
    tokens = tokens_of(ann)
    (line,) = security_lines()
    assert (line["event"], line["account"], line["route"]) == ("logged_in", ann.id, f"{V1}/auth/login")
    Program(site, tokens["access_token"]).read("/me")
    Program(site, tokens["refresh_token"]).post("/auth/refresh")
    assert security_lines() == [], "these go on with a session"


def test_a_program_that_sends_the_password_with_each_call(site, ann, security_lines):
    site.config["API_BASIC_AUTH"] = True
    header = {"Authorization": f"Basic {b64encode(f'ann:{PASSWORD}'.encode()).decode()}"}
    for _time in range(3):
        assert site.test_client().get(f"{V1}/me", headers=header).status_code == 200
    assert [(line["event"], line["account"]) for line in security_lines()] == [("logged_in", ann.id)]


def test_a_new_account_is_logged_in_and_a_guest_is_none(site, security_lines):
    guest = stranger(site)
    guest.page("/todos")
    assert security_lines() == []
    assert guest.post("/auth/signup", **REGISTRATION).status_code == 302
    (line,) = security_lines()
    assert (line["event"], line["route"]) == ("logged_in", "/auth/signup")
