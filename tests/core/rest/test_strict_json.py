"""Strict JSON parsing."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.core.errors import BadRequest
from madang.core.rest.strict_json import MAX_DEPTH, MAX_VALUES, parse_json

pytestmark = pytest.mark.usefixtures("english")

NOT_JSON = "This is not valid JSON in UTF-8. Please check commas, quotes and brackets."
TWICE = "The JSON contains a duplicate name. Please use each name once."
TOO_DEEP = "The JSON is nested too deeply."
TOO_MANY = "The JSON holds too many values."
HALF = "The JSON contains half a character: an unpaired surrogate."


def nested(depth: int) -> bytes:
    return b"[" * depth + b"1" + b"]" * depth


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (b"{}", {}),
        (b"[]", []),
        (b"null", None),
        (b"7", 7),
        (b' {"a": [1, 2.5, true, false, null, "x"]} ', {"a": [1, 2.5, True, False, None, "x"]}),
        ('{"이름": "마당 🏡"}'.encode(), {"이름": "마당 🏡"}),
        (b'"\\ud83c\\udfe1"', "🏡"),
        (b'{"a": {"b": 1}, "c": {"b": 2}}', {"a": {"b": 1}, "c": {"b": 2}}),
    ],
)
def test_json_is_read(written, value):
    assert parse_json(written) == value


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (b"", NOT_JSON),
        (b"{", NOT_JSON),
        (b'{"a": 1,}', NOT_JSON),
        (b"{'a': 1}", NOT_JSON),
        (b"{a: 1}", NOT_JSON),
        (b"[1] [2]", NOT_JSON),
        (b"// a comment\n1", NOT_JSON),
        (b'{"a": "\xff"}', NOT_JSON),
        (b'\xef\xbb\xbf{"a": 1}', NOT_JSON),
        ('{"a": 1}'.encode("utf-16"), NOT_JSON),
        (b"9" * 10_000, NOT_JSON),
        (b'{"a": 1, "a": 1}', TWICE),
        (b'{"a": {"b": 1, "b": 2}}', TWICE),
        (b'{"a": 1, "\\u0061": 2}', TWICE),
        (b"NaN", "NaN is not a number in JSON."),
        (b"[Infinity]", "Infinity is not a number in JSON."),
        (b'{"a": -Infinity}', "-Infinity is not a number in JSON."),
        (nested(MAX_DEPTH), TOO_DEEP),
        (b"[" * 100_000, TOO_DEEP),
        (json.dumps([0] * MAX_VALUES).encode(), TOO_MANY),
        (json.dumps({str(number): 0 for number in range(MAX_VALUES // 2)}).encode(), TOO_MANY),
        (b'"\\ud83c"', HALF),
        (b'{"\\udfe1": 1}', HALF),
        (b'[["\\ud83c x"]]', HALF),
    ],
)
def test_invalid_json_is_refused_with_a_sentence(written, sentence):
    with pytest.raises(BadRequest) as refused:
        parse_json(written)
    assert refused.value.message == sentence


def test_the_maximum_depth_and_size_are_accepted():
    assert parse_json(nested(MAX_DEPTH - 1))
    assert len(parse_json(json.dumps([0] * (MAX_VALUES - 1)).encode())) == MAX_VALUES - 1


SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=10)
VALUES = st.recursive(
    SCALARS | TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)


@given(VALUES, st.booleans())
@settings(max_examples=60)
def test_any_serialised_value_is_read_unchanged(value, is_ascii):
    assert parse_json(json.dumps(value, ensure_ascii=is_ascii).encode()) == value


@given(st.binary(max_size=30))
@settings(max_examples=60)
def test_any_bytes_are_read_or_refused(written):
    try:
        parse_json(written)
    except BadRequest as refused:
        assert refused.message
