"""Serialisation to JSON: selected fields, ETags, conditional requests."""

import json
from dataclasses import dataclass

import pytest
from flask import Response

from madang.core.errors import InvalidInput
from madang.core.rest.pagination import Page, PageResult
from madang.core.rest.schemas import Schema, integer_field, text_field
from madang.core.rest.serialisation import (
    PreconditionFailed,
    make_conditional,
    require_unchanged,
    show_list,
    show_one,
    tag_of,
)
from tests.core.rest.asking import asking


class ThingSchema(Schema):
    id = integer_field("Its number.", 12)
    title = text_field("A title.", "A yard")
    note = text_field("A note.", "", load_only=True)


@dataclass(frozen=True)
class Thing:
    id: int
    title: str


@dataclass(frozen=True)
class VersionedThing:
    id: int
    title: str
    version: int
    score: int = 0


class VersionedSchema(ThingSchema):
    score = integer_field("Its votes.", 3)


YARD = Thing(12, "마당")


def test_a_response_is_compact_json_with_an_etag(bare):
    with asking(bare, "/things/12"):
        response = show_one(ThingSchema, YARD)
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert response.get_data() == '{"id":12,"title":"마당"}'.encode()
    assert response.headers["ETag"] == f'"{tag_of(YARD, response.get_data())}"'


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"id": 12, "title": "마당"}),
        ("?fields=title", {"title": "마당"}),
        ("?fields=title,id", {"id": 12, "title": "마당"}),
        ("?fields=id,id", {"id": 12}),
    ],
)
def test_a_query_selects_fields(bare, query, shown):
    with asking(bare, f"/things/12{query}"):
        assert show_one(ThingSchema, YARD).json == shown
        assert show_list(ThingSchema, Page(2, None, {}), PageResult([YARD], None)).json["items"] == [shown]


@pytest.mark.parametrize("query", ["colour", "", "id,", "id,colour", "ID", " id"])
def test_an_unknown_field_cannot_be_selected(bare, query):
    with asking(bare, f"/things/12?fields={query}"), pytest.raises(InvalidInput) as refused:
        show_one(ThingSchema, YARD)
    assert refused.value.fields == {"fields": "There are only these fields: id, title, note."}


def test_a_write_returns_all_fields(bare):
    with asking(bare, "/things?fields=title", method="POST"):
        assert show_one(ThingSchema, YARD, 201).json == {"id": 12, "title": "마당"}


def test_a_list_has_items_and_a_link_to_the_next_page(bare):
    with asking(bare, "/things?limit=1"):
        more = show_list(ThingSchema, Page(1, None, {}), PageResult([YARD], (12,)))
        last = show_list(ThingSchema, Page(1, None, {}), PageResult([], None))
    assert more.json["items"] == [{"id": 12, "title": "마당"}]
    assert f"cursor={more.json['next_cursor']}" in more.headers["Link"]
    assert last.json == {"items": [], "next_cursor": None} and "Link" not in last.headers


def test_an_etag_depends_on_the_body_and_begins_with_the_version():
    assert tag_of(YARD, b"one") == tag_of(YARD, b"one") != tag_of(YARD, b"two")
    assert tag_of(VersionedThing(1, "x", 3), b"one") == f"3-{tag_of(YARD, b'one')}"


def tag_shown(app, schema, thing) -> str:
    with asking(app, "/things/12"):
        return show_one(schema, thing).headers["ETag"]


def is_unchanged(app, schema, thing, if_match: str | None) -> bool:
    headers = {} if if_match is None else {"If-Match": if_match}
    with asking(app, "/things/12", method="PATCH", headers=headers):
        try:
            require_unchanged(schema, thing)
        except PreconditionFailed:
            return False
    return True


def test_if_match_refuses_a_changed_subject(bare):
    read = tag_shown(bare, ThingSchema, YARD)
    assert is_unchanged(bare, ThingSchema, YARD, read)
    assert not is_unchanged(bare, ThingSchema, Thing(12, "Another"), read)


@pytest.mark.parametrize(
    ("if_match", "is_right"),
    [
        (None, True),
        ("*", True),
        ("{tag}", True),
        ('"old", {tag}', True),
        ('"old"', False),
        ('"0-old"', False),
        ("W/{tag}", False),
        ("", False),
    ],
)
def test_if_match(bare, if_match, is_right):
    tag = tag_shown(bare, ThingSchema, YARD)
    header = None if if_match is None else if_match.format(tag=tag)
    assert is_unchanged(bare, ThingSchema, YARD, header) is is_right


def test_a_new_vote_does_not_prevent_an_edit(bare):
    read = tag_shown(bare, VersionedSchema, VersionedThing(12, "x", version=3))
    assert is_unchanged(bare, VersionedSchema, VersionedThing(12, "x", version=3, score=1), read)
    assert not is_unchanged(bare, VersionedSchema, VersionedThing(12, "x", version=4), read)
    assert not is_unchanged(bare, VersionedSchema, VersionedThing(12, "x", version=33), read)


@pytest.mark.parametrize(
    ("method", "if_none_match", "status"),
    [
        ("GET", '"abc"', 304),
        ("HEAD", '"abc"', 304),
        ("GET", 'W/"abc"', 304),
        ("GET", '"old", "abc"', 304),
        ("GET", "*", 304),
        ("GET", '"old"', 200),
        ("GET", None, 200),
        ("POST", '"abc"', 200),
    ],
)
def test_if_none_match(bare, method, if_none_match, status):
    headers = {} if if_none_match is None else {"If-None-Match": if_none_match}
    with asking(bare, "/things/12", method=method, headers=headers):
        response = make_conditional(Response("{}", mimetype="application/json", headers={"ETag": '"abc"'}))
    assert response.status_code == status
    assert response.get_data() == (b"" if status == 304 else b"{}")
    assert ("Content-Type" in response.headers) is (status == 200)
    assert response.headers["ETag"] == '"abc"'


def test_a_response_without_etag_is_always_sent(bare):
    with asking(bare, "/file", headers={"If-None-Match": "*"}):
        assert make_conditional(Response("{}")).status_code == 200


def test_special_characters_are_escaped(bare):
    things = [Thing(1, 'a "quoted" \\ text\n'), Thing(2, "</script>\u2028")]
    with asking(bare, "/things"):
        body = show_list(ThingSchema, Page(2, None, {}), PageResult(things, None)).get_data()
    assert [each["title"] for each in json.loads(body)["items"]] == [thing.title for thing in things]
