"""Access control of API routes."""

from collections.abc import Iterator

import pytest
from flask import Flask

from madang.core.actor import VISITOR, Actor
from madang.core.errors import InvalidInput, RateLimited, Unauthenticated
from madang.core.rest.access import (
    Access,
    Credential,
    FreshTokenRequired,
    InsufficientScope,
    NotAcceptable,
    caller,
    check_access,
    current_credential,
    rate_headers,
    refuse_unknown_query,
)
from madang.core.web.rate_limits import connect
from tests.actors import ACTORS
from tests.core.rest.asking import asking, bare_app

GUEST, MEMBER = ACTORS["guest"], ACTORS["member"]
SESSION = Credential("session")
LOGIN = Credential("jwt")
REFRESHED = Credential("jwt", is_fresh=False)
READER = Credential("token", frozenset({"read"}), is_fresh=False)
WRITER = Credential("token", frozenset({"read", "write"}), is_fresh=False)
ADMINISTRATING = Credential("token", frozenset({"admin"}))

FOR_ALL, FOR_GUESTS, FOR_MEMBERS = Access(is_public=True), Access(for_guests=True), Access()
MESSAGES, FRESH = Access(scope="messages"), Access(is_fresh=True)
FRESH_ADMIN = Access(scope="admin", is_fresh=True)


def refusal(app: Flask, access: Access, actor: Actor, shown: Credential | None, method: str) -> type | None:
    with asking(app, method=method, actor=actor, credential=shown):
        try:
            check_access(access)
        except (Unauthenticated, InsufficientScope) as error:
            return type(error)
    return None


@pytest.mark.parametrize(
    ("access", "actor", "shown", "method", "refused"),
    [
        (FOR_ALL, VISITOR, None, "GET", None),
        (FOR_ALL, GUEST, SESSION, "GET", None),
        (FOR_ALL, MEMBER, SESSION, "GET", None),
        (FOR_ALL, MEMBER, READER, "GET", None),
        (FOR_ALL, MEMBER, READER, "POST", InsufficientScope),
        (FOR_GUESTS, VISITOR, None, "GET", Unauthenticated),
        (FOR_GUESTS, GUEST, SESSION, "GET", None),
        (FOR_GUESTS, MEMBER, SESSION, "GET", None),
        (FOR_MEMBERS, VISITOR, None, "GET", Unauthenticated),
        (FOR_MEMBERS, GUEST, SESSION, "GET", Unauthenticated),
        (FOR_MEMBERS, MEMBER, SESSION, "POST", None),
        (FOR_MEMBERS, MEMBER, LOGIN, "POST", None),
        (FOR_MEMBERS, MEMBER, REFRESHED, "POST", None),
        (FOR_MEMBERS, MEMBER, READER, "GET", None),
        (FOR_MEMBERS, MEMBER, READER, "HEAD", None),
        (FOR_MEMBERS, MEMBER, READER, "POST", InsufficientScope),
        (FOR_MEMBERS, MEMBER, READER, "DELETE", InsufficientScope),
        (FOR_MEMBERS, MEMBER, WRITER, "POST", None),
        (MESSAGES, MEMBER, LOGIN, "GET", None),
        (MESSAGES, MEMBER, WRITER, "GET", InsufficientScope),
        (FRESH, MEMBER, SESSION, "POST", None),
        (FRESH, MEMBER, LOGIN, "POST", None),
        (FRESH, MEMBER, REFRESHED, "POST", FreshTokenRequired),
        (FRESH, MEMBER, WRITER, "POST", InsufficientScope),
        (FRESH_ADMIN, MEMBER, ADMINISTRATING, "POST", None),
        (FRESH_ADMIN, MEMBER, WRITER, "POST", InsufficientScope),
        (FRESH_ADMIN, MEMBER, REFRESHED, "POST", FreshTokenRequired),
    ],
)
def test_admit(bare, access, actor, shown, method, refused):
    assert refusal(bare, access, actor, shown, method) is refused


@pytest.mark.parametrize(
    ("scope", "method", "needed"),
    [
        (None, "GET", "read"),
        (None, "HEAD", "read"),
        (None, "POST", "write"),
        (None, "PUT", "write"),
        (None, "PATCH", "write"),
        (None, "DELETE", "write"),
        ("admin", "GET", "admin"),
        ("messages", "POST", "messages"),
    ],
)
def test_a_method_needs_a_scope_unless_the_route_names_one(scope, method, needed):
    assert Access(scope=scope).scope_of(method) == needed


@pytest.mark.parametrize(
    ("accept", "is_answered"),
    [
        (None, True),
        ("*/*", True),
        ("application/json", True),
        ("application/problem+json", True),
        ("application/*", True),
        ("text/html, application/json;q=0.5", True),
        ("text/html", False),
        ("application/xml", False),
        ("application/json;q=0.1", True),
        ("application/json;q=0, application/problem+json", True),
        ("application/json;q=0", False),
        ("text/html, application/json;q=0", False),
    ],
)
def test_a_caller_must_accept_json(bare, accept, is_answered):
    with asking(bare, headers={} if accept is None else {"Accept": accept}):
        if is_answered:
            check_access(FOR_ALL)
        else:
            with pytest.raises(NotAcceptable):
                check_access(FOR_ALL)


@pytest.mark.parametrize(
    ("actor", "address", "name"),
    [
        (MEMBER, "198.51.100.7", f"user:{MEMBER.id}"),
        (GUEST, "198.51.100.7", f"user:{GUEST.id}"),
        (VISITOR, "198.51.100.7", "net:198.51.100.7"),
        (VISITOR, "2001:db8:1:2:3:4:5:6", "net:2001:db8:1:2::/64"),
        (VISITOR, "::ffff:198.51.100.7", "net:198.51.100.7"),
        (VISITOR, "", "net:"),
    ],
)
def test_calls_are_counted_by_account_or_by_network(bare, actor, address, name):
    with asking(bare, actor=actor, environ_base={"REMOTE_ADDR": address}):
        assert caller() == name


@pytest.mark.parametrize(("actor", "kind"), [(VISITOR, "none"), (GUEST, "session"), (MEMBER, "session")])
def test_the_default_credential_is_the_session_or_none(bare, actor, kind):
    with asking(bare, actor=actor):
        assert current_credential() == Credential(kind)


@pytest.fixture
def no_calls_yet() -> Iterator[None]:
    """Start new counts before and after the test."""
    connect(None)
    yield
    connect(None)


@pytest.mark.usefixtures("english", "no_calls_yet")
def test_calls_are_counted_and_too_many_are_refused():
    app, calling = bare_app(API_LIMIT="2 per hour"), MEMBER
    headers_seen = []
    for _call in range(2):
        with asking(app, actor=calling):
            check_access(FOR_ALL)
            headers_seen.append(rate_headers())
    assert [headers["RateLimit"].partition(";t=")[0] for headers in headers_seen] == ['"api";r=1', '"api";r=0']
    assert headers_seen[0]["RateLimit-Policy"] == '"api";q=2;w=3600'
    with asking(app, actor=calling), pytest.raises(RateLimited) as refused:
        check_access(FOR_ALL)
    assert 0 < refused.value.retry_after <= 3600


def test_without_a_limit_nothing_is_counted(bare):
    with asking(bare):
        check_access(FOR_ALL)
        assert rate_headers() == {}


def test_unknown_query_parameters_are_refused(bare):
    known = frozenset({"sort", "limit"})
    with asking(bare, "/?sort=votes&limit=2"):
        refuse_unknown_query(known)
    with asking(bare, "/?sort=votes&Limit=2&tag=yard"), pytest.raises(InvalidInput) as refused:
        refuse_unknown_query(known)
    assert refused.value.fields == dict.fromkeys(["Limit", "tag"], "This parameter is unknown.")
