"""The fields of schemas: loading and serialisation."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from madang.core.rest.schemas import (
    MAX_PER_PAGE,
    ListQuery,
    Schema,
    boolean_field,
    choice_field,
    computed_field,
    id_field,
    list_schema_of,
    moment_field,
    query_integer_field,
    text_field,
    within,
)
from madang.core.web.ids import MAX_ID

SEOUL = timezone(timedelta(hours=9))


class ThingSchema(Schema):
    is_open = boolean_field("Whether it is open.")
    opened_at = moment_field("When it was opened.")
    number = query_integer_field("A number in a query.", 3)
    id = id_field("Its number.")
    kind = choice_field("Its kind.", "yard", "garden")


def read(**values: object) -> dict:
    return ThingSchema().load(values)


def is_refused(**values: object) -> bool:
    try:
        read(**values)
    except ValidationError as error:
        assert error.messages.keys() == values.keys()
        return True
    return False


@pytest.mark.parametrize(("written", "value"), [(True, True), (False, False), ("true", True), ("false", False)])
def test_a_boolean_is_true_or_false(written, value):
    assert read(is_open=written)["is_open"] is value


@pytest.mark.parametrize("written", [1, 0, "1", "yes", "True", "", None, [], {}, 1.0])
def test_other_truthy_and_falsy_values_are_refused(written):
    assert is_refused(is_open=written)


@pytest.mark.parametrize(("value", "shown"), [(True, True), (1, True), (0, False), (None, None)])
def test_a_boolean_is_serialised_from_integers(value, shown):
    assert ThingSchema(only=["is_open"]).dump({"is_open": value})["is_open"] is shown


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2026-11-21T09:30:00Z", datetime(2026, 11, 21, 9, 30, tzinfo=UTC)),
        ("2026-11-21T18:30:00+09:00", datetime(2026, 11, 21, 9, 30, tzinfo=UTC)),
        ("2026-11-21T09:30:00", datetime(2026, 11, 21, 9, 30, tzinfo=UTC)),
        ("2026-11-21T09:30:00.123456Z", datetime(2026, 11, 21, 9, 30, 0, 123_456, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_utc(written, value):
    found = read(opened_at=written)["opened_at"]
    assert (found, found.utcoffset()) == (value, timedelta(0))


@pytest.mark.parametrize("written", ["", "tomorrow", "2026-13-01T00:00:00Z", 1_763_717_400, None])
def test_an_invalid_moment_is_refused(written):
    assert is_refused(opened_at=written)


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+09:00", "9999-12-31T23:59:59-09:00"])
def test_a_moment_out_of_range_in_utc_is_refused(written):
    assert is_refused(opened_at=written)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (datetime(2026, 11, 21, 9, 30, tzinfo=UTC), "2026-11-21T09:30:00.000000Z"),
        (datetime(2026, 11, 21, 18, 30, tzinfo=SEOUL), "2026-11-21T09:30:00.000000Z"),
        (None, None),
    ],
)
def test_a_moment_is_serialised_in_utc_with_microseconds(value, shown):
    assert ThingSchema(only=["opened_at"]).dump({"opened_at": value})["opened_at"] == shown


@given(st.datetimes(timezones=st.just(UTC)))
@settings(max_examples=40)
def test_a_serialised_moment_is_read_unchanged(value):
    shown = ThingSchema(only=["opened_at"]).dump({"opened_at": value})["opened_at"]
    assert read(opened_at=shown)["opened_at"] == value


@pytest.mark.parametrize(
    ("written", "value"), [("3", 3), ("-3", -3), ("007", 7), ("0", 0), (3, 3), ("9" * 18, 10**18 - 1)]
)
def test_a_number_in_a_query_is_digits(written, value):
    assert read(number=written)["number"] == value


@pytest.mark.parametrize(
    "written", ["", "x", "1.0", "1e3", "+3", " 3", "3 ", "1_000", "３", "9" * 19, "9" * 5_000, True]
)
def test_an_invalid_number_in_a_query_is_refused(written):
    assert is_refused(number=written)


@pytest.mark.parametrize(
    ("number", "is_taken"), [(1, True), (MAX_ID, True), (0, False), (-1, False), (MAX_ID + 1, False)]
)
def test_an_id_is_a_number_that_a_row_can_have(number, is_taken):
    assert is_refused(id=number) is not is_taken


@pytest.mark.usefixtures("english")
def test_a_choice_is_one_of_its_words_and_the_error_lists_them():
    assert read(kind="garden") == {"kind": "garden"}
    with pytest.raises(ValidationError) as refused:
        read(kind="house")
    assert refused.value.messages == {"kind": ["Choose one of these: yard, garden."]}


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ({}, {"limit": 30, "cursor": ""}),
        ({"limit": "1"}, {"limit": 1, "cursor": ""}),
        ({"limit": str(MAX_PER_PAGE), "cursor": "abc"}, {"limit": MAX_PER_PAGE, "cursor": "abc"}),
    ],
)
def test_a_list_has_thirty_rows_unless_the_caller_asks_for_others(asked, page):
    assert ListQuery().load(asked) == page


@pytest.mark.parametrize("limit", ["0", "-1", str(MAX_PER_PAGE + 1), "ten", ""])
def test_a_list_has_at_least_one_row_and_at_most_a_hundred(limit):
    with pytest.raises(ValidationError):
        ListQuery().load({"limit": limit})


@dataclass
class Author:
    username: str


@dataclass
class Written:
    title: str
    author: Author


class WrittenSchema(Schema):
    shout = computed_field(text_field("The title, loud.", "YARD"), lambda written: written.title.upper())
    username = within("author", text_field("Who wrote it.", "ann"))


def test_computed_and_nested_fields():
    shown = WrittenSchema().dump(Written("yard", Author("ann")))
    assert shown == {"shout": "YARD", "username": "ann"}


def test_a_list_schema_is_created_once():
    shape = list_schema_of(WrittenSchema)
    assert shape is list_schema_of(WrittenSchema)
    assert shape.__name__ == "WrittenList"
    assert set(shape().fields) == {"items", "next_cursor"}
