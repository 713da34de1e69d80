"""The decorators of API routes."""

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from madang.core.actor import Actor
from tests.actors import ACTORS
from tests.core.rest.sample_api import probe_app

JSON = {"Content-Type": "application/json"}
YARDS = "/api/v1/yards"


@pytest.fixture
def app(english) -> Flask:
    return probe_app()


def client_of(app: Flask, actor: Actor) -> FlaskClient:
    """A client that calls the sample API as `actor`."""

    @app.before_request
    def _set_actor() -> None:
        g.actor = actor

    return app.test_client()


@pytest.fixture
def visitor(app) -> FlaskClient:
    return client_of(app, ACTORS["visitor"])


@pytest.fixture
def member(app) -> FlaskClient:
    return client_of(app, ACTORS["member"])


def test_a_subject_is_serialised_by_its_schema(visitor):
    answer = visitor.get(f"{YARDS}/3")
    assert (answer.status_code, answer.json) == (200, {"id": 3, "title": "A yard"})


def test_a_current_copy_is_304(visitor):
    tag = visitor.get(f"{YARDS}/3").headers["ETag"]
    assert visitor.get(f"{YARDS}/3", headers={"If-None-Match": tag}).status_code == 304
    assert visitor.get(f"{YARDS}/4", headers={"If-None-Match": tag}).status_code == 200


def test_created_has_a_location(visitor):
    answer = visitor.post(YARDS, json={"title": "Mine"})
    assert (answer.status_code, answer.json) == (201, {"id": 7, "title": "Mine"})
    assert answer.headers["Location"] == "/api/v1/yards/7"


def test_a_view_without_a_schema_is_204(member):
    answer = member.delete(f"{YARDS}/3")
    assert (answer.status_code, answer.data) == (204, b"")


def test_a_list_is_paginated_by_cursors(visitor):
    first = visitor.get(f"{YARDS}?limit=2").json
    assert [each["id"] for each in first["items"]] == [1, 2]
    second = visitor.get(f"{YARDS}?limit=3&cursor={first['next_cursor']}").json
    assert [each["id"] for each in second["items"]] == [3, 4, 5]
    assert second["next_cursor"] is None


def test_a_list_reads_its_query(visitor):
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
def test_errors_in_a_query_name_the_parameter(visitor, path, wrong):
    answer = visitor.get(f"{YARDS}{path}")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_input")
    assert answer.json["errors"].keys() == {wrong}


def test_a_write_accepts_no_query(visitor):
    assert visitor.post(f"{YARDS}?title=x", json={}).json["errors"].keys() == {"title"}


def test_a_missing_optional_body_is_an_empty_object(member):
    assert member.patch(f"{YARDS}/3").json == {"id": 3, "title": "Untitled"}
    assert member.patch(f"{YARDS}/3", json={"title": "Mine"}).json == {"id": 3, "title": "Mine"}
    assert member.patch(f"{YARDS}/3", data=b"{", headers=JSON).status_code == 400
    assert member.patch(f"{YARDS}/3", data=b"", headers=JSON).status_code == 400, "its Content-Type announces JSON"


def test_a_missing_required_body_is_400(visitor):
    assert visitor.post(YARDS).status_code == 400


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_routes_for_members_refuse_visitors(visitor, method):
    answer = visitor.open(f"{YARDS}/3", method=method)
    assert (answer.status_code, answer.json["code"]) == (401, "not_logged_in")


def test_a_response_has_a_request_id(visitor):
    assert visitor.get(f"{YARDS}/3", headers={"X-Request-ID": "mine.1"}).headers["X-Request-ID"] == "mine.1"
    for name in ("two words", "x" * 101, "한글".encode().decode("latin-1")):
        answer = visitor.get(f"{YARDS}/3", headers={"X-Request-ID": name})
        assert answer.headers["X-Request-ID"] not in ("", name)


def test_a_response_has_a_vary_header(visitor):
    assert visitor.get(f"{YARDS}/3").headers["Vary"] == "Accept-Language, Authorization, Cookie"
