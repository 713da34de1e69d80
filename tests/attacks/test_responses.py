"""What each response says to browsers, whatever the address: its type, and what they must not do with it."""

import re

import pytest
from flask import Flask

from tests.people import Person
from tests.test_conventions_routes import example_path

TEXT = re.compile(r"text/|.*[/+]xml$")
# Headers that name the software of a server.
TALKATIVE = ("Server", "X-Powered-By", "X-AspNet-Version")


@pytest.fixture
def addresses(whole_app: Flask, bob: Person) -> list[str]:
    """Every address that is read, with example values; without the event stream, which does not end."""
    question = bob.ask(tags="words")
    rules = [rule for rule in whole_app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    paths = {example_path(rule) for rule in rules} - {"/events"}
    return sorted(path.replace("/posts/1", f"/posts/{question}") for path in paths)


@pytest.mark.parametrize("who", ["visitor", "ann", "ruth"])
def test_every_response_has_a_type_and_is_taken_for_nothing_else(addresses, people, visitor, who):
    person = visitor if who == "visitor" else people[who]
    for path in addresses:
        answer = person.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
        assert [name for name in TALKATIVE if name in answer.headers] == [], path
        if answer.status_code not in (204, 304):
            assert answer.mimetype, path
        if TEXT.match(answer.mimetype):
            assert answer.mimetype_params.get("charset", "").lower() == "utf-8", f"{path}: {answer.content_type}"
        if answer.mimetype == "text/html":
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], path
            assert answer.headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()", path


def test_no_page_of_an_account_may_be_stored_by_proxies(addresses, ann):
    for path in addresses:
        answer = ann.get(path)
        if answer.mimetype.startswith("text/") or answer.mimetype.endswith(("json", "xml")):
            assert answer.cache_control.private, f"{path}: {answer.cache_control}"


def test_a_cookie_may_be_bound_to_its_host(app, ann):
    """Browsers take a cookie whose name begins so only with Secure, for the whole site, and from this host alone."""
    app.config.update(SESSION_COOKIE_NAME="__Host-madang_session", SESSION_COOKIE_SECURE=True)
    person = Person(app)
    cookie = person.get("/auth/login", base_url="https://board.example.org").headers["Set-Cookie"]
    parts = cookie.split("; ")
    assert parts[0].startswith("__Host-madang_session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(parts)
    assert "domain" not in cookie.lower()
