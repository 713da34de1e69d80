"""Limits of guessing passwords: strangers must wait, and nobody is locked out."""

import re
from datetime import timedelta

import pytest

from madang.core.clock import at, now
from madang.core.web import rate_limits
from tests.people import PASSWORD, Person

HOUSEHOLDS = [f"203.0.113.{number}" for number in range(1, 100)]


@pytest.fixture(autouse=True)
def limits(app):
    rate_limits.connect(None)
    app.config.update(LOGIN_LIMIT="4 per minute", LOGIN_ACCOUNT_LIMIT="3 per hour")


@pytest.fixture
def stranger(app):
    """Make a new browser at an address of its own."""
    addresses = iter(HOUSEHOLDS)

    def arrive() -> Person:
        person = Person(app)
        person.client.environ_base["REMOTE_ADDR"] = next(addresses)
        return person

    return arrive


def _log_in(person: Person, name: str = "ann", password: str = PASSWORD, **fields: str):
    return person.post("/auth/login", username=name, password=password, **fields)


def _ticket(response) -> str:
    return re.search(r'name="ticket"[^>]*value="([^"]+)"', response.text)[1]


def _wait(response) -> int:
    return int(re.search(r'data-wait="(\d+)"', response.text)[1])


def _guess_from_everywhere(stranger, times: int, name: str = "ann") -> list[int]:
    return [_log_in(stranger(), name, "a wrong password").status_code for _time in range(times)]


def _browser_of_owner(stranger, name: str = "ann") -> Person:
    """A browser in which this member logged in and out."""
    browser = stranger()
    assert _log_in(browser, name).status_code == 302
    browser.username, browser._token = name, ""
    browser.post("/auth/logout")
    browser.username, browser._token = "", ""
    return browser


def test_wrong_passwords_for_one_account_are_limited_over_all_addresses(ann, stranger):
    assert _guess_from_everywhere(stranger, 5) == [422, 422, 422, 429, 429]


@pytest.mark.parametrize("name", ["ann@example.org", "ANN", " ann "])
def test_each_way_to_name_an_account_counts_as_the_same(ann, stranger, name):
    _guess_from_everywhere(stranger, 3)
    assert _log_in(stranger(), name).status_code == 429


def test_a_name_that_nobody_has_is_limited_alike(ann, stranger):
    assert _guess_from_everywhere(stranger, 5, "nobodyhere") == [422, 422, 422, 429, 429]


def test_the_right_password_gets_in_after_the_wait(ann, stranger):
    _guess_from_everywhere(stranger, 3)
    owner = stranger()
    refused = _log_in(owner)
    assert refused.status_code == 429
    assert f"wait {_wait(refused)} seconds" in refused.text
    early = _log_in(owner, ticket=_ticket(refused))
    assert early.status_code == 429 and _ticket(early) == _ticket(refused)
    with at(now() + timedelta(seconds=_wait(refused))):
        assert _log_in(owner, ticket=_ticket(early)).status_code == 302
    assert "/users/ann" in owner.page("/")


def test_a_right_password_ends_the_count(ann, stranger):
    _guess_from_everywhere(stranger, 2)
    assert _log_in(stranger()).status_code == 302
    assert _guess_from_everywhere(stranger, 3) == [422, 422, 422]


def test_logging_in_often_with_the_right_password_is_not_limited_by_account(ann, stranger):
    assert {_log_in(stranger()).status_code for _time in range(8)} == {302}


def test_a_browser_of_the_owner_is_not_slowed_by_strangers(ann, stranger):
    browser = _browser_of_owner(stranger)
    _guess_from_everywhere(stranger, 6)
    assert _log_in(browser).status_code == 302


def test_a_browser_of_the_owner_is_not_slowed_by_its_network(ann, eve, stranger):
    browser = _browser_of_owner(stranger)
    eve.client.environ_base["REMOTE_ADDR"] = browser.client.environ_base["REMOTE_ADDR"]
    for number in range(6):
        _log_in(eve, f"nobody{number}", "a wrong password")
    assert _log_in(browser).status_code == 302


def test_a_browser_of_the_owner_has_a_limit_of_its_own(ann, stranger):
    """Whoever sits down at it, or copies its cookie, guesses no more often than others."""
    browser = _browser_of_owner(stranger)
    tries = [_log_in(browser, password="a wrong password").status_code for _time in range(8)]
    assert tries == [422] * 6 + [429] * 2


def test_a_browser_of_one_account_is_a_stranger_to_others(ann, bob, stranger):
    browser = _browser_of_owner(stranger, "bob")
    _guess_from_everywhere(stranger, 3)
    assert _log_in(browser).status_code == 429


@pytest.mark.parametrize("cookie", ["", "x", "WyJhY2NvdW50IDEiLCJ4Il0.c2ln", "é", "a" * 4000])
def test_a_forged_browser_is_a_stranger(ann, stranger, cookie):
    _guess_from_everywhere(stranger, 3)
    forger = stranger()
    forger.client.set_cookie("known_browser", cookie, path="/auth")
    assert _log_in(forger).status_code == 429


def test_from_a_busy_network_the_right_password_gets_in_after_a_wait(ann, bob, stranger):
    busy = stranger()
    for number in range(4):
        assert _log_in(busy, f"nobody{number}", "a wrong password").status_code == 422
    refused = _log_in(busy, "bob")
    assert refused.status_code == 429
    with at(now() + timedelta(seconds=_wait(refused))):
        assert _log_in(busy, "bob", ticket=_ticket(refused)).status_code == 302


def test_a_ticket_serves_once_and_only_for_its_account_and_network(ann, bob, stranger):
    _guess_from_everywhere(stranger, 3)
    _guess_from_everywhere(stranger, 3, "bob")
    owner, elsewhere = stranger(), stranger()
    refused = _log_in(owner)
    ticket = _ticket(refused)
    with at(now() + timedelta(seconds=_wait(refused))):
        assert _log_in(owner, "bob", ticket=ticket).status_code == 429
        assert _log_in(elsewhere, ticket=ticket).status_code == 429
        assert _log_in(owner, password="a wrong password", ticket=ticket).status_code == 422
        assert _log_in(owner, ticket=ticket).status_code == 429


def test_tickets_cannot_be_collected(ann, stranger):
    """Waiting once for many tickets would make the wait worthless."""
    _guess_from_everywhere(stranger, 3)
    collector = stranger()
    assert "ticket" in _log_in(collector).text
    for _time in range(2):
        assert 'name="ticket"' not in _log_in(collector).text
    other = stranger()
    tickets = ['name="ticket"' in _log_in(other, f"nobody{number}", "a wrong one").text for number in range(12)]
    assert tickets == [False] * 4 + [True] * 4 + [False] * 4  # within the limit, with a ticket, refused


def test_a_stale_or_forged_ticket_is_replaced(ann, stranger):
    _guess_from_everywhere(stranger, 3)
    owner = stranger()
    ticket = _ticket(_log_in(owner))
    with at(now() + timedelta(hours=1)):
        rate_limits.connect(None)
        _guess_from_everywhere(stranger, 3)
        assert _log_in(owner, ticket=ticket).status_code == 429
    for forged in ("x", "W10.c2ln", "é", ticket[:-1], "null." + ticket):
        assert _log_in(stranger(), ticket=forged).status_code == 429


def test_the_wait_grows_with_the_wrong_passwords(ann, stranger):
    waits = []
    moment = now()
    for _time in range(45):
        with at(moment):
            guesser = stranger()
            refused = _log_in(guesser, password="a wrong password")
            if refused.status_code == 429:
                waits.append(_wait(refused))
                moment += timedelta(seconds=_wait(refused))
                with at(moment):
                    _log_in(guesser, password="a wrong password", ticket=_ticket(refused))
    assert sorted(set(waits)) == [10, 20, 40, 80, 160, 320, 640]
    assert waits == sorted(waits)


def test_the_api_waits_alike(ann, stranger, app):
    _guess_from_everywhere(stranger, 3)
    program = stranger().client
    credentials = {"username": "ann", "password": PASSWORD}
    refused = program.post("/api/v1/auth/login", json=credentials)
    assert (refused.status_code, refused.json["code"]) == (429, "wait_required")
    assert int(refused.headers["Retry-After"]) == 10
    with at(now() + timedelta(seconds=10)):
        accepted = program.post("/api/v1/auth/login", json={**credentials, "ticket": refused.json["ticket"]})
    assert accepted.status_code == 200 and accepted.json["access_token"]


def test_without_limits_nothing_is_counted(app, ann, stranger):
    app.config.update(LOGIN_LIMIT="", LOGIN_ACCOUNT_LIMIT="")
    assert set(_guess_from_everywhere(stranger, 12)) == {422}
    assert _log_in(stranger()).status_code == 302
