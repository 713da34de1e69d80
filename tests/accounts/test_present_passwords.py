"""Wrong passwords where settings ask for the present one, and of programs that send it with each call."""

from base64 import b64encode
from time import monotonic

import pytest

from madang.core.ttl_cache import clear_all
from madang.core.web import rate_limits
from tests.accounts.logins import guess_from_everywhere, try_log_in
from tests.api.programs import program_of
from tests.people import PASSWORD, Person

pytestmark = pytest.mark.usefixtures("login_limits")


def _page(path: str, **fields: str):
    return lambda person, password: person.post(path, current_password=password, **fields)


def _call(method: str, path: str, **fields: str):
    return lambda person, password: program_of(person).call(method, path, {"current_password": password, **fields})


NEW = "eleven boats at the pier"
ASKING = {
    "page: address": _page("/settings/account/email", email="new@example.org"),
    "page: password": _page("/settings/account/password", password=NEW, password2=NEW),
    "page: leaving": _page("/settings/leave/delete"),
    "api: address": _call("PUT", "/me/email", email="new@example.org"),
    "api: password": _call("PUT", "/me/password", password=NEW),
    "api: leaving": _call("DELETE", "/me"),
}


@pytest.fixture
def without_network_limit(app):
    app.config["LOGIN_LIMIT"] = ""


@pytest.mark.parametrize("asking", ASKING)
def test_a_wrong_present_password_is_counted(ann, bob, without_network_limit, asking):
    """A found browser or a stolen token guesses no more often than a log-in, and has one count for all that ask."""
    ask = ASKING[asking]
    assert [ask(ann, "a wrong password").status_code for _time in range(4)] == [422, 422, 422, 422]
    assert [ask(ann, "a wrong password").status_code for _time in range(2)] == [429, 429]
    for other in ASKING.values():
        assert other(ann, PASSWORD).status_code == 429
    assert ask(bob, PASSWORD).status_code < 400


def test_strangers_do_not_keep_the_owner_from_changing_the_password(ann, stranger):
    guess_from_everywhere(stranger, 6)
    assert ASKING["page: password"](ann, PASSWORD).status_code == 302


def test_other_errors_and_right_passwords_are_not_counted(ann, without_network_limit):
    for _time in range(6):
        assert _page("/settings/account/email", email="no address")(ann, PASSWORD).status_code == 422
        assert (
            _page("/settings/account/password", password="short", password2="short")(ann, PASSWORD).status_code == 422
        )
    assert ASKING["page: password"](ann, PASSWORD).status_code == 302


def _basic(person: Person, password: str = PASSWORD, name: str = "ann"):
    header = b64encode(f"{name}:{password}".encode()).decode()
    return person.client.get("/api/v1/me", headers={"Authorization": f"Basic {header}"})


@pytest.mark.parametrize("name", ["ann", "ann@example.org"])
def test_strangers_do_not_lock_a_program_out_where_it_authenticated_before(app, ann, stranger, name):
    """It cannot use tickets. Its network has a count of its own, which a new password ends."""
    app.config["API_BASIC_AUTH"] = True
    program = stranger()
    assert _basic(program, name=name).status_code == 200
    clear_all()  # the password that was verified a moment ago
    assert guess_from_everywhere(stranger, 5, name) == [422, 422, 422, 429, 429]
    assert _basic(program, name=name).status_code == 200
    elsewhere = _basic(stranger(), name=name)
    assert elsewhere.status_code == 200, "verified a moment ago"
    clear_all()
    assert _basic(stranger(), name=name).status_code == 429
    assert [_basic(program, "a wrong one", name).status_code for _time in range(4)] == [401, 401, 401, 429]
    assert try_log_in(program, name).status_code == 429, "a browser there is a stranger"


def test_a_program_is_a_stranger_after_a_new_password(app, ann, stranger):
    app.config["API_BASIC_AUTH"] = True
    program = stranger()
    assert _basic(program).status_code == 200
    ASKING["page: password"](ann, PASSWORD)
    guess_from_everywhere(stranger, 3)
    assert _basic(program, NEW).status_code == 429


def test_a_network_is_known_for_a_day_after_a_program_authenticated(app, ann, stranger, monkeypatch):
    """The day begins anew each time."""
    app.config["API_BASIC_AUTH"] = True
    program, hour = stranger(), [0]
    monkeypatch.setattr(rate_limits, "monotonic", lambda: monotonic() + 3600 * hour[0])
    answers = [_basic(program).status_code]
    for moment in (20, 40, 65):
        hour[0] = moment
        clear_all()
        guess_from_everywhere(stranger, 3)
        answers.append(_basic(program).status_code)
    assert answers == [200, 200, 200, 429]
