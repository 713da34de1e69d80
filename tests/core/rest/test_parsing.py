"""Parsing of request bodies and files, with errors by field."""

from io import BytesIO

import pytest
from marshmallow import fields
from werkzeug.exceptions import RequestEntityTooLarge

from madang.core.errors import BadRequest, InvalidInput, NotFound
from madang.core.rest.parsing import UnsupportedMediaType, find_named, parser
from madang.core.rest.schemas import Between, Schema, integer_field, text_field, text_list_field, upload_field

from .asking import asking

JSON = "application/json"


class PlaceSchema(Schema):
    street = text_field("A street.", "Yard Lane", required=True)


class ThingSchema(Schema):
    title = text_field("A title.", "A yard", required=True)
    size = integer_field("A size.", 3, validate=Between(1, 9))
    tags = text_list_field("Its tags.", ["yard"])
    place = fields.Nested(PlaceSchema)


class FileSchema(Schema):
    file = upload_field("A file.", required=True)


def read(app, body: bytes, content_type: str | None = JSON):
    with asking(app, "/", method="POST", data=body, content_type=content_type) as request:
        return parser.parse(ThingSchema(), request, location="json")


def test_a_body_is_read_into_its_schema(bare):
    body = b'{"title": "A yard", "size": 3, "tags": ["a", "b"], "place": {"street": "Yard Lane"}}'
    assert read(bare, body) == {
        "title": "A yard", "size": 3, "tags": ["a", "b"], "place": {"street": "Yard Lane"}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (b"{}", {"title": "This is required."}),
        (b'{"title": null}', {"title": "This cannot be null."}),
        (b'{"title": 7}', {"title": "This must be text."}),
        (b'{"title": "x", "size": "3"}', {"size": "This must be a whole number."}),
        (b'{"title": "x", "size": 3.0}', {"size": "This must be a whole number."}),
        (b'{"title": "x", "size": 10}', {"size": "This must be a number from 1 to 9."}),
        (b'{"title": "x", "colour": "red"}', {"colour": "This field is unknown."}),
        (b'{"title": "x", "tags": "a"}', {"tags": "This must be a list."}),
        (b'{"title": "x", "tags": ["a", 1, 2]}', {"tags.1": "This must be text.", "tags.2": "This must be text."}),
        (b'{"title": "x", "place": {}}', {"place.street": "This is required."}),
        (b'{"title": "x", "place": {"street": "y", "town": "z"}}', {"place.town": "This field is unknown."}),
        (b'{"title": "x", "place": 7}', {"place": "Please send an object with names and values."}),
        (b"[]", {}),
        (b'{"size": 10, "colour": 1}', {
            "title": "This is required.",
            "size": "This must be a number from 1 to 9.",
            "colour": "This field is unknown.",
        }),
    ],
)  # fmt: skip
def test_errors_are_named_by_field(bare, body, errors):
    with pytest.raises(InvalidInput) as refused:
        read(bare, body)
    assert refused.value.fields == errors


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
def test_another_media_type_is_refused(bare, content_type):
    with pytest.raises(UnsupportedMediaType):
        read(bare, b'{"title": "x"}', content_type)


@pytest.mark.parametrize("content_type", [JSON, "application/json; charset=utf-8", "application/problem+json"])
def test_every_json_media_type_is_read(bare, content_type):
    assert read(bare, b'{"title": "x"}', content_type) == {"title": "x"}


@pytest.mark.parametrize("content_type", [JSON, None])
def test_an_empty_body_is_400(bare, content_type):
    with pytest.raises(BadRequest):
        read(bare, b"", content_type)


def test_a_body_is_limited_to_the_size_of_a_form(bare):
    most = bare.config["MAX_FORM_MEMORY_SIZE"]
    body = b'{"title": "%s"}' % (b"x" * (most - 13))
    assert len(body) == most and read(bare, body)
    with pytest.raises(RequestEntityTooLarge):
        read(bare, body + b" ")


def read_file(app, **options) -> bytes:
    with asking(app, "/", method="POST", **options) as request:
        return parser.parse(FileSchema(), request, location="files")["file"].read()


def test_a_file_is_read_from_a_form(bare):
    assert read_file(bare, data={"file": (BytesIO(b"words"), "a.txt")}) == b"words"


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"title": "x"}, {"file": "This is required."}),
        (
            {"file": (BytesIO(b"x"), "a.txt"), "other": (BytesIO(b"y"), "b.txt")},
            {"other": "This field is unknown."},
        ),
    ],
)
def test_a_form_must_contain_the_files_of_the_schema(bare, sent, errors):
    with pytest.raises(InvalidInput) as refused:
        read_file(bare, data=sent, content_type="multipart/form-data")
    assert refused.value.fields == errors


def test_a_file_as_json_is_refused(bare):
    with pytest.raises(UnsupportedMediaType):
        read_file(bare, data=b"{}", content_type=JSON)


def test_named_refuses_a_name_that_is_not_found(bare):
    def find(name: str) -> int:
        if name != "qa":
            raise NotFound
        return 7

    assert find_named("board", "qa", find) == 7
    with pytest.raises(InvalidInput) as refused:
        find_named("board", "nowhere", find)
    assert refused.value.fields == {"board": "There is nothing with this name."}
