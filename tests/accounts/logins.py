"""Try to log in, as a stranger or the owner of an account."""

import re

from tests.people import PASSWORD, Person


def try_log_in(person: Person, name: str = "ann", password: str = PASSWORD, **fields: str):
    return person.post("/auth/login", username=name, password=password, **fields)


def ticket_of(response) -> str:
    return re.search(r'name="ticket"[^>]*value="([^"]+)"', response.text)[1]


def wait_of(response) -> int:
    return int(re.search(r'data-wait="(\d+)"', response.text)[1])


def guess_from_everywhere(stranger, times: int, name: str = "ann") -> list[int]:
    return [try_log_in(stranger(), name, "a wrong password").status_code for _time in range(times)]


def browser_of_owner(stranger, name: str = "ann") -> Person:
    """A browser in which this member logged in and out."""
    browser = stranger()
    assert try_log_in(browser, name).status_code == 302
    browser.username, browser._token = name, ""
    browser.post("/auth/logout")
    browser.username, browser._token = "", ""
    return browser
