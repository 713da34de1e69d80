"""The parser of search queries."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.search.queries.terms import MAX_QUERY_LENGTH, SearchQuery, parse_name, parse_query


def terms(query: SearchQuery) -> list[tuple[str, bool]]:
    """The tokens of each term, and whether its last one is a prefix."""
    return [(" ".join(term.tokens), term.is_open) for term in query.terms]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("flask sqlite", [("flask", False), ("sqlite", False)]),
        ("  Flask\n", [("flask", False)]),
        ("파이썬", [("파이 이썬", False)]),
        ("책", [("책", True)]),
        ("책을", [("책을", False)]),
        ("山", [("山", True)]),
        ("a", [("a", False)]),
        ('"flask sqlite"', [("flask sqlite", False)]),
        ("flask OR sqlite", [("flask", False), ("or", False), ("sqlite", False)]),
        ("flask* -sqlite (NEAR)", [("flask", False), ("sqlite", False), ("near", False)]),
        ("C++", [("cplusplus", False)]),
        ("", []),
        ("!? …", []),
    ],
)
def test_a_query_is_parsed_into_terms(typed, expected):
    assert terms(parse_query(typed)) == expected


def test_the_text_of_a_query_is_normalised():
    assert parse_query("  Flask\tand  SQLite ").text == "Flask and SQLite"


def test_a_query_without_words_is_empty():
    assert parse_query("?!").is_empty
    assert not parse_query("x").is_empty


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("an", [("an", True)]),
        ("ann le", [("ann", False), ("le", True)]),
        ("조미", [("조미", True)]),
        ("", []),
        ("?", []),
    ],
)
def test_the_last_word_of_a_name_is_a_prefix(typed, expected):
    assert terms(parse_name(typed)) == expected


@given(st.text(max_size=2 * MAX_QUERY_LENGTH))
@settings(max_examples=40)
def test_terms_are_never_empty(typed):
    for query in (parse_query(typed), parse_name(typed)):
        assert all(term.tokens and all(token.strip() for token in term.tokens) for term in query.terms)
    assert len(parse_query(typed).text) <= MAX_QUERY_LENGTH
