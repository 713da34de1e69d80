"""What a route's decorators make of its view."""

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from madang.core.actor import Actor
from tests.actors import ACTORS

from .probe import probe_app

JSON = {"Content-Type": "application/json"}
YARDS = "/api/v1/yards"


@pytest.fixture
def app(english) -> Flask:
    return probe_app()


def client_of(app: Flask, actor: Actor) -> FlaskClient:
    """Somebody who calls the probe's API."""

    @app.before_request
    def _be_somebody() -> None:
        g._login_user = actor

    return app.test_client()


@pytest.fixture
def visitor(app) -> FlaskClient:
    return client_of(app, ACTORS["visitor"])


@pytest.fixture
def member(app) -> FlaskClient:
    return client_of(app, ACTORS["member"])


def test_a_thing_is_shown_by_its_schema(visitor):
    answer = visitor.get(f"{YARDS}/3")
    assert (answer.status_code, answer.json) == (200, {"id": 3, "title": "A yard"})


def test_who_has_the_copy_already_is_told_so(visitor):
    tag = visitor.get(f"{YARDS}/3").headers["ETag"]
    assert visitor.get(f"{YARDS}/3", headers={"If-None-Match": tag}).status_code == 304
    assert visitor.get(f"{YARDS}/4", headers={"If-None-Match": tag}).status_code == 200


def test_what_is_new_has_an_address(visitor):
    answer = visitor.post(YARDS, json={"title": "Mine"})
    assert (answer.status_code, answer.json) == (201, {"id": 7, "title": "Mine"})
    assert answer.headers["Location"] == "/api/v1/yards/7"


def test_a_view_that_shows_nothing_answers_without_a_body(member):
    answer = member.delete(f"{YARDS}/3")
    assert (answer.status_code, answer.data) == (204, b"")


def test_a_list_is_walked_by_its_cursors(visitor):
    first = visitor.get(f"{YARDS}?limit=2").json
    assert [each["id"] for each in first["items"]] == [1, 2]
    second = visitor.get(f"{YARDS}?limit=3&cursor={first['next_cursor']}").json
    assert [each["id"] for each in second["items"]] == [3, 4, 5]
    assert second["next_cursor"] is None


def test_a_list_knows_its_query(visitor):
    assert visitor.get(f"{YARDS}?sort=name&limit=1").json["items"] == [{"id": 1, "title": "name"}]


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("?sort=size", "sort"),
        ("?limit=0", "limit"),
        ("?cursor=x", "cursor"),
        ("?colour=red", "colour"),
        ("?fields=colour", "fields"),
        ("/3?sort=name", "sort"),
        ("/3?fields=colour", "fields"),
    ],
)
def test_what_is_wrong_with_a_query_is_named(visitor, path, wrong):
    answer = visitor.get(f"{YARDS}{path}")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")
    assert answer.json["errors"].keys() == {wrong}


def test_writing_knows_no_query(visitor):
    assert visitor.post(f"{YARDS}?title=x", json={}).json["errors"].keys() == {"title"}


def test_a_body_that_may_be_missing_is_read_as_an_empty_one(member):
    assert member.patch(f"{YARDS}/3").json == {"id": 3, "title": "Untitled"}
    assert member.patch(f"{YARDS}/3", json={"title": "Mine"}).json == {"id": 3, "title": "Mine"}
    assert member.patch(f"{YARDS}/3", data=b"{", headers=JSON).status_code == 400
    assert member.patch(f"{YARDS}/3", data=b"", headers=JSON).status_code == 400, "it says that it brings JSON"


def test_a_body_that_must_be_there_is_asked_for(visitor):
    assert visitor.post(YARDS).status_code == 400


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_what_is_not_public_asks_for_somebody(visitor, method):
    answer = visitor.open(f"{YARDS}/3", method=method)
    assert (answer.status_code, answer.json["code"]) == (401, "not_logged_in")


def test_an_answer_has_the_name_of_its_request(visitor):
    assert visitor.get(f"{YARDS}/3", headers={"X-Request-ID": "mine.1"}).headers["X-Request-ID"] == "mine.1"
    for name in ("two words", "x" * 101, "한글".encode().decode("latin-1")):
        answer = visitor.get(f"{YARDS}/3", headers={"X-Request-ID": name})
        assert answer.headers["X-Request-ID"] not in ("", name)


def test_an_answer_says_what_it_depends_on(visitor):
    assert visitor.get(f"{YARDS}/3").headers["Vary"] == "Accept-Language, Authorization, Cookie"
