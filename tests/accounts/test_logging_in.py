"""Log-in, log-out and browser sessions."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from madang.accounts.models import LoginSession
from madang.accounts.operations.passwords import hash_password
from madang.core.clock import at, now
from madang.core.db import db
from tests.people import PASSWORD, Person

FOREIGN_URLS = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/",
    "https:evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\r\n/evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
]


@pytest.mark.parametrize("login", ["ann", "ANN", "ann@example.org", " Ann@Example.Org "])
def test_log_in_by_name_or_address_in_any_case(ann, visitor, login):
    assert visitor.post("/auth/login", username=login, password=PASSWORD).status_code == 302
    assert "/users/ann" in visitor.page("/")


def test_a_wrong_name_and_a_wrong_password_give_the_same_error(ann, people):
    pages = []
    for name in ("ann", "nobodyhere"):
        response = people.visitor().post("/auth/login", username=name, password="not the password")
        assert response.status_code == 422
        pages.append(_comparable(response.text, name))
    assert pages[0] == pages[1]
    assert "or password is wrong" in pages[0]


def _comparable(page: str, name: str) -> str:
    """A page without the parts that differ between any two: nonce, CSRF token, submitted name."""
    lines = (line for line in page.splitlines() if "nonce" not in line and "csrf" not in line)
    return "\n".join(lines).replace(f'value="{name}"', "")


def test_a_look_alike_name_does_not_log_in(ann, visitor):
    assert visitor.post("/auth/login", username="аnn", password=PASSWORD).status_code == 422


def test_an_unknown_name_costs_a_password_check_too(app, visitor, monkeypatch):
    calls = []
    monkeypatch.setattr(
        "madang.accounts.operations.passwords._dummy_hash",
        lambda: calls.append(1) or hash_password("nobody has this password"),
    )
    visitor.post("/auth/login", username="nobodyhere", password="whatever it is")
    assert calls


@pytest.mark.parametrize("target", FOREIGN_URLS)
def test_next_never_redirects_to_another_site(ann, visitor, target):
    response = visitor.post("/auth/login", username="ann", password=PASSWORD, next=target)
    assert response.location == "/"


@pytest.mark.parametrize("target", ["/questions?sort=votes", "/%2f%2fevil.example", "/posts/1/한글"])
def test_next_redirects_to_a_page_of_this_site(ann, visitor, target):
    response = visitor.post("/auth/login", username="ann", password=PASSWORD, next=target)
    assert response.location.startswith("/") and not response.location.startswith("//")
    assert response.location != "/"


def test_logging_in_does_not_reuse_a_planted_session(ann, eve, app):
    """Session fixation: Eve plants her cookie in a browser; after Ann logs in there, it is worthless to Eve."""
    name = app.config["SESSION_COOKIE_NAME"]
    planted = eve.client.get_cookie(name).value
    victim = Person(app)
    victim.client.set_cookie(name, planted)
    victim.username = "eve"
    assert victim.post("/auth/login", username="ann", password=PASSWORD).status_code == 302
    assert victim.client.get_cookie(name).value != planted
    thief = Person(app)
    thief.client.set_cookie(name, planted)
    assert "/users/ann" not in thief.page("/")
    assert "/users/eve" not in thief.page("/")  # her session ended when Ann's began


def test_logging_out_ends_the_session_on_the_server(ann, app):
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = ann.client.get_cookie(name).value
    ann.post("/auth/logout")
    other = Person(app)
    other.client.set_cookie(name, cookie)
    assert "/users/ann" not in other.page("/")


def test_logging_out_requires_post(ann):
    assert ann.get("/auth/logout").status_code == 405
    assert "/users/ann" in ann.page("/")


def test_a_session_ends_a_week_after_its_last_use(ann):
    start = now()
    with at(start + timedelta(days=6)):
        assert "/users/ann" in ann.page("/")
    with at(start + timedelta(days=12)):
        assert "/users/ann" in ann.page("/")
    with at(start + timedelta(days=20)):
        assert "/users/ann" not in ann.page("/")


def test_logging_in_deletes_expired_sessions(app, ann, visitor):
    with at(now() + timedelta(days=8)):
        assert visitor.post("/auth/login", username="ann", password=PASSWORD).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 1


def test_scripts_cannot_read_the_cookie(ann, visitor):
    response = visitor.post("/auth/login", username="ann", password=PASSWORD)
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
