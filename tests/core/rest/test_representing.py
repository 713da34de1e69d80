"""From rows to JSON: some fields or all, tags of what is shown, and the conditions that name them."""

import json
from dataclasses import dataclass

import pytest
from flask import Response

from madang.core.errors import InvalidInput
from madang.core.rest.paging import Page, PageResult
from madang.core.rest.schemas import Schema, text, whole
from madang.core.rest.serialisation import (
    PreconditionFailed,
    make_conditional,
    names_of,
    require_unchanged,
    show_list,
    show_one,
    tag_of,
)

from .asking import asking


class ThingSchema(Schema):
    id = whole("Its number.", 12)
    title = text("A title.", "A yard")
    note = text("A note.", "", load_only=True)


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
    score = whole("Its votes.", 3)


YARD = Thing(12, "마당")


def test_a_thing_is_shown_as_compact_json_with_its_tag(bare):
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
def test_a_caller_chooses_fields(bare, query, shown):
    with asking(bare, f"/things/12{query}"):
        assert show_one(ThingSchema, YARD).json == shown
        assert show_list(ThingSchema, Page(2, None, {}), PageResult([YARD], None)).json["items"] == [shown]


@pytest.mark.parametrize("query", ["colour", "", "id,", "id,colour", "ID", " id"])
def test_a_field_that_is_not_there_cannot_be_chosen(bare, query):
    with asking(bare, f"/things/12?fields={query}"), pytest.raises(InvalidInput) as refused:
        show_one(ThingSchema, YARD)
    assert refused.value.fields == {"fields": "There are only these fields: id, title, note."}


def test_what_was_written_is_shown_whole(bare):
    with asking(bare, "/things?fields=title", method="POST"):
        assert show_one(ThingSchema, YARD, 201).json == {"id": 12, "title": "마당"}


def test_a_list_has_its_things_and_the_way_on(bare):
    with asking(bare, "/things?limit=1"):
        more = show_list(ThingSchema, Page(1, None, {}), PageResult([YARD], (12,)))
        last = show_list(ThingSchema, Page(1, None, {}), PageResult([], None))
    assert more.json["items"] == [{"id": 12, "title": "마당"}]
    assert f"cursor={more.json['next_cursor']}" in more.headers["Link"]
    assert last.json == {"items": [], "next_cursor": None} and "Link" not in last.headers


def test_a_tag_changes_with_what_is_shown_and_begins_with_the_version():
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


def test_an_edit_is_refused_where_the_thing_has_changed(bare):
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
def test_which_tags_fit(bare, if_match, is_right):
    tag = tag_shown(bare, ThingSchema, YARD)
    header = None if if_match is None else if_match.format(tag=tag)
    assert is_unchanged(bare, ThingSchema, YARD, header) is is_right


def test_a_new_vote_does_not_stand_in_the_way_of_new_words(bare):
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
def test_who_has_a_copy_that_is_right_gets_no_body(bare, method, if_none_match, status):
    headers = {} if if_none_match is None else {"If-None-Match": if_none_match}
    with asking(bare, "/things/12", method=method, headers=headers):
        response = make_conditional(Response("{}", mimetype="application/json", headers={"ETag": '"abc"'}))
    assert response.status_code == status
    assert response.get_data() == (b"" if status == 304 else b"{}")
    assert ("Content-Type" in response.headers) is (status == 200)
    assert response.headers["ETag"] == '"abc"'


def test_what_has_no_tag_is_always_sent(bare):
    with asking(bare, "/file", headers={"If-None-Match": "*"}):
        assert make_conditional(Response("{}")).status_code == 200


def test_names_are_those_that_schemas_read():
    assert names_of([ThingSchema]) == {"id", "title", "note"}
    assert names_of([]) == frozenset()


def test_a_list_is_json_whatever_its_texts_hold(bare):
    things = [Thing(1, 'a "quoted" \\ text\n'), Thing(2, "</script>\u2028")]
    with asking(bare, "/things"):
        body = show_list(ThingSchema, Page(2, None, {}), PageResult(things, None)).get_data()
    assert [each["title"] for each in json.loads(body)["items"]] == [thing.title for thing in things]
