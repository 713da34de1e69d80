"""Limits of guessing passwords: strangers must wait, and nobody is locked out."""

import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from madang.accounts.models import User
from madang.accounts.operations.sessions import log_in
from madang.accounts.views import login_limits
from madang.core.clock import at, now
from madang.core.web import rate_limits
from tests.accounts.logins import browser_of_owner, guess_from_everywhere, ticket_of, try_log_in, wait_of
from tests.people import PASSWORD, Person

pytestmark = pytest.mark.usefixtures("login_limits")


def test_wrong_passwords_for_one_account_are_limited_over_all_addresses(ann, stranger):
    assert guess_from_everywhere(stranger, 5) == [422, 422, 422, 429, 429]


@pytest.mark.parametrize(
    ("limit", "left"), [("6 per hour", 6), ("7 per hour", 6), ("10 per hour", 10), ("2 per hour", 2)]
)
def test_by_name_and_address_together_nobody_guesses_more_often(app, ann, stranger, limit, left):
    app.config["LOGIN_ACCOUNT_LIMIT"] = limit
    names = ["ann", "ann@example.org", "ANN", "Ann@Example.ORG"] * 6
    tries = [try_log_in(stranger(), name, "a wrong password").status_code for name in names]
    assert (tries.count(422), tries.count(429)) == (left, len(names) - left)


def test_the_right_password_gets_in_after_the_wait(ann, stranger):
    guess_from_everywhere(stranger, 3)
    owner = stranger()
    refused = try_log_in(owner)
    assert refused.status_code == 429
    assert f"wait {wait_of(refused)} seconds" in refused.text
    early = try_log_in(owner, ticket=ticket_of(refused))
    assert early.status_code == 429 and ticket_of(early) == ticket_of(refused)
    with at(now() + timedelta(seconds=wait_of(refused))):
        assert try_log_in(owner, ticket=ticket_of(early)).status_code == 302
    assert "/users/ann" in owner.page("/")


def test_a_right_password_changes_nothing_that_strangers_see(ann, stranger):
    """A count that began anew would tell them that somebody has the address, and give them more tries."""
    guess_from_everywhere(stranger, 2)
    assert try_log_in(stranger()).status_code == 302
    assert guess_from_everywhere(stranger, 3) == [422, 429, 429]


def test_logging_in_often_with_the_right_password_is_not_limited_by_account(ann, stranger):
    assert {try_log_in(stranger()).status_code for _time in range(8)} == {302}


def test_a_browser_of_the_owner_is_not_slowed_by_strangers(ann, stranger):
    browser = browser_of_owner(stranger)
    guess_from_everywhere(stranger, 6)
    assert try_log_in(browser).status_code == 302


def test_a_browser_of_the_owner_is_not_slowed_by_its_network(ann, eve, stranger):
    browser = browser_of_owner(stranger)
    eve.client.environ_base["REMOTE_ADDR"] = browser.client.environ_base["REMOTE_ADDR"]
    for number in range(6):
        try_log_in(eve, f"nobody{number}", "a wrong password")
    assert try_log_in(browser).status_code == 302


def test_a_browser_of_the_owner_has_a_limit_of_its_own(ann, stranger):
    """Whoever sits down at it, or copies its cookie, guesses no more often than others."""
    browser = browser_of_owner(stranger)
    tries = [try_log_in(browser, password="a wrong password").status_code for _time in range(8)]
    assert tries == [422] * 6 + [429] * 2


def test_all_browsers_of_the_owner_have_one_limit(ann, stranger):
    """Whoever collects their cookies guesses no more often."""
    browsers = [browser_of_owner(stranger) for _number in range(4)]
    tries = [try_log_in(browser, password="a wrong password").status_code for browser in browsers for _time in range(2)]
    assert tries.count(422) == 3 + 3, "three as known browsers, three as strangers"


def test_a_new_password_makes_other_browsers_strangers(app, ann, stranger):
    """As it ends their sessions: whoever had the old password may have a cookie. The one that sets it stays known."""
    browser, changing = browser_of_owner(stranger), browser_of_owner(stranger)
    try_log_in(changing)
    changing.username, changing._token = "ann", ""
    words = "eleven boats at the pier"
    fields = {"current_password": PASSWORD, "password": words, "password2": words}
    assert changing.post("/settings/account/password", **fields).status_code == 302
    changing.post("/auth/logout")
    changing.username, changing._token = "", ""
    guess_from_everywhere(stranger, 3)
    assert try_log_in(browser, password=words).status_code == 429
    assert try_log_in(changing, password=words).status_code == 302


def test_known_browsers_have_a_wider_limit_of_their_network(app, ann, stranger):
    browser = browser_of_owner(stranger)
    app.config["LOGIN_LIMIT"] = "1 per minute"
    rate_limits.connect(None)
    answers = []
    for _time in range(12):
        answers.append(try_log_in(browser).status_code)
        browser.client.delete_cookie(app.config["SESSION_COOKIE_NAME"])
        browser._token = ""
    assert answers == [302] * 11 + [429], "ten as a known browser, one as a stranger"


def test_a_browser_of_one_account_is_a_stranger_to_others(ann, bob, stranger):
    browser = browser_of_owner(stranger, "bob")
    guess_from_everywhere(stranger, 3)
    assert try_log_in(browser).status_code == 429


@pytest.mark.parametrize("cookie", ["", "x", "WyJhY2NvdW50IDEiLCJ4Il0.c2ln", "é", "a" * 4000])
def test_a_forged_browser_is_a_stranger(ann, stranger, cookie):
    guess_from_everywhere(stranger, 3)
    forger = stranger()
    forger.client.set_cookie("known_browser", cookie, path="/auth")
    assert try_log_in(forger).status_code == 429


def test_from_a_busy_network_the_right_password_gets_in_after_a_wait(ann, bob, stranger):
    busy = stranger()
    for number in range(4):
        assert try_log_in(busy, f"nobody{number}", "a wrong password").status_code == 422
    refused = try_log_in(busy, "bob")
    assert refused.status_code == 429
    with at(now() + timedelta(seconds=wait_of(refused))):
        assert try_log_in(busy, "bob", ticket=ticket_of(refused)).status_code == 302


def test_a_ticket_serves_once_and_only_for_its_account_and_network(ann, bob, stranger):
    guess_from_everywhere(stranger, 3)
    guess_from_everywhere(stranger, 3, "bob")
    owner, elsewhere = stranger(), stranger()
    refused = try_log_in(owner)
    ticket = ticket_of(refused)
    with at(now() + timedelta(seconds=wait_of(refused))):
        assert try_log_in(owner, "bob", ticket=ticket).status_code == 429
        assert try_log_in(elsewhere, ticket=ticket).status_code == 429
        assert try_log_in(owner, password="a wrong password", ticket=ticket).status_code == 422
        assert try_log_in(owner, ticket=ticket).status_code == 429


def test_tickets_cannot_be_collected(ann, stranger):
    """Waiting once for many tickets gives one try in each wait, as waiting for each does."""
    guess_from_everywhere(stranger, 3)
    collector = stranger()
    refused = [try_log_in(collector) for _time in range(20)]
    with at(now() + timedelta(seconds=20)):
        tickets = [ticket_of(response) for response in refused]
        tries = [try_log_in(collector, password="a wrong one", ticket=ticket) for ticket in tickets]
        assert [response.status_code for response in tries] == [422] + [429] * 19
        assert ticket_of(tries[-1]) == tickets[-1], "it stays good"
        assert 1 <= wait_of(tries[-1]) <= 10 and tries[-1].headers["Retry-After"] == str(wait_of(tries[-1]))


def test_tickets_for_many_accounts_give_no_more_tries_than_the_network_has(ann, stranger):
    """The last one is told how to get in all the same, and keeps the ticket."""
    sprayer, names = stranger(), [f"nobody{number}" for number in range(12)]
    refused = [try_log_in(sprayer, name, "a wrong one") for name in names]
    assert [response.status_code for response in refused] == [422] * 4 + [429] * 8
    with at(now() + timedelta(seconds=10)):
        tries = []
        for name, response in list(zip(names, refused, strict=True))[4:]:
            tries.append(try_log_in(sprayer, name, "a wrong one", ticket=ticket_of(response)))
        assert [response.status_code for response in tries] == [422] * 4 + [429] * 4
    last = tries[-1]
    assert "Many people are logging in from your network right now" in last.text and "another network" in last.text
    assert ticket_of(last) == ticket_of(refused[-1]) and int(last.headers["Retry-After"]) == wait_of(last) <= 60


def test_a_ticket_that_a_busy_network_refused_is_good_as_soon_as_it_is_less_busy(app, ann, bob, stranger):
    app.config["LOGIN_LIMIT"] = "1 per minute"
    for name in ("ann", "bob"):
        guess_from_everywhere(stranger, 3, name)
    shared = stranger()
    tickets = {name: ticket_of(try_log_in(shared, name)) for name in ("ann", "bob")}
    with at(now() + timedelta(seconds=10)):
        assert try_log_in(shared, "bob", "a wrong one", ticket=tickets["bob"]).status_code == 422
        assert "Many people are logging in" in try_log_in(shared, ticket=tickets["ann"]).text
        app.config["LOGIN_LIMIT"] = "2 per minute"
        assert try_log_in(shared, ticket=tickets["ann"]).status_code == 302


@pytest.mark.parametrize(
    "change", [lambda ticket: ticket + "=", lambda ticket: ticket + "==", lambda ticket: f" {ticket}"]
)
def test_a_used_ticket_in_another_spelling_is_used_too(ann, stranger, change):
    guess_from_everywhere(stranger, 3)
    owner = stranger()
    ticket = ticket_of(try_log_in(owner))
    with at(now() + timedelta(seconds=10)):
        assert try_log_in(owner, password="a wrong one", ticket=ticket).status_code == 422
    rate_limits.forget_uses("log-in turn", *_turn_of(owner))
    with at(now() + timedelta(seconds=30)):
        assert try_log_in(owner, ticket=change(ticket)).status_code == 429


def _turn_of(person: Person) -> tuple[str, str]:
    with person.app.app_context():
        return login_limits._account_key("ann"), person.client.environ_base["REMOTE_ADDR"]


def test_a_stale_or_forged_ticket_is_replaced(ann, stranger):
    guess_from_everywhere(stranger, 3)
    owner = stranger()
    ticket = ticket_of(try_log_in(owner))
    with at(now() + timedelta(hours=1)):
        rate_limits.connect(None)
        guess_from_everywhere(stranger, 3)
        assert try_log_in(owner, ticket=ticket).status_code == 429
    for forged in ("x", "W10.c2ln", "é", ticket[:-1], "null." + ticket):
        assert try_log_in(stranger(), ticket=forged).status_code == 429


def test_the_wait_grows_with_the_wrong_passwords(ann, stranger):
    waits = []
    moment = now()
    for _time in range(45):
        with at(moment):
            guesser = stranger()
            refused = try_log_in(guesser, password="a wrong password")
            if refused.status_code == 429:
                waits.append(wait_of(refused))
                moment += timedelta(seconds=wait_of(refused))
                with at(moment):
                    try_log_in(guesser, password="a wrong password", ticket=ticket_of(refused))
    assert sorted(set(waits)) == [10, 20, 40, 80, 160, 320, 640]
    assert waits == sorted(waits)


def test_the_api_waits_alike(ann, stranger, app):
    guess_from_everywhere(stranger, 3)
    program = stranger().client
    credentials = {"username": "ann", "password": PASSWORD}
    refused = program.post("/api/v1/auth/login", json=credentials)
    assert (refused.status_code, refused.json["code"]) == (429, "wait_required")
    assert int(refused.headers["Retry-After"]) == 10
    assert try_log_in(stranger()).headers["Retry-After"] == "10"
    with at(now() + timedelta(seconds=10)):
        accepted = program.post("/api/v1/auth/login", json={**credentials, "ticket": refused.json["ticket"]})
    assert accepted.status_code == 200 and accepted.json["access_token"]


def test_without_limits_nothing_is_counted(app, ann, stranger):
    app.config.update(LOGIN_LIMIT="", LOGIN_ACCOUNT_LIMIT="")
    assert set(guess_from_everywhere(stranger, 12)) == {422}
    assert try_log_in(stranger()).status_code == 302


@pytest.mark.each_database
def test_of_many_tries_at_once_no_more_than_the_limit_are_checked(ann, stranger, monkeypatch):
    """All of them are on their way before the first one is answered."""
    started = threading.Barrier(6)

    def log_in_slowly(**credentials: str) -> User:
        with suppress(threading.BrokenBarrierError):
            started.wait(1)
        return log_in(**credentials)

    monkeypatch.setattr(login_limits, "log_in", log_in_slowly)
    persons = [stranger() for _number in range(6)]
    assert all(person.token for person in persons)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda person: try_log_in(person, "ann", "a wrong password").status_code, persons))
    assert sorted(answers) == [422] * 3 + [429] * 3


@pytest.mark.parametrize(
    ("field", "length", "status"),
    [("username", 254, 401), ("username", 255, 422), ("username", 10_000, 422), ("password", 1_000, 401),
     ("password", 1_001, 422), ("ticket", 500, 401), ("ticket", 501, 422)],
)  # fmt: skip
def test_what_is_typed_has_a_greatest_length(ann, stranger, field, length, status):
    credentials = {"username": "ann", "password": "a wrong one", field: "x" * length}
    assert stranger().client.post("/api/v1/auth/login", json=credentials).status_code == status


def test_the_limits_keep_nothing_of_what_people_typed(app, ann, stranger):
    """Neither names and addresses, nor long texts: by log-in, by forgotten passwords, by HTTP Basic."""
    app.config.update(API_BASIC_AUTH=True, MAIL_LIMIT="5 per hour")
    typed = ["nobody@example.org", "somebody", "한글이름", "x" * 200 + "@example.org", "y" * 9_000]
    for one in typed:
        try_log_in(stranger(), one, "a wrong one")
        stranger().post("/auth/forgot", email=one)
        header = b64encode(f"{one}:a wrong one".encode()).decode()
        stranger().client.get("/api/v1/me", headers={"Authorization": f"Basic {header}"})
    memory = rate_limits._limiter[0]._memory
    parts = [part for key in (*memory._counters, *memory._uses) for part in key]
    assert parts and max(map(len, parts)) <= 80
    assert not [part for part in parts if any(one[:20] in part for one in typed)]
