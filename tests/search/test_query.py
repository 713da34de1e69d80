"""What somebody typed into the box, read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.search.queries.terms import LONGEST_QUERY, SearchQuery, Term, read_name, read_query, read_title


def terms(query: SearchQuery) -> list[tuple[str, bool]]:
    """Each term: its tokens, and whether it may go on."""
    return [(" ".join(term.tokens), term.is_open) for term in query.terms]


@pytest.mark.parametrize(
    ("typed", "read"),
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
def test_whatever_is_typed_is_words(typed, read):
    assert terms(read_query(typed)) == read


def test_a_query_keeps_its_text_for_the_box():
    assert read_query("  Flask\tand  SQLite ").text == "Flask and SQLite"


def test_a_query_without_words_is_empty():
    assert read_query("?!").is_empty
    assert not read_query("x").is_empty


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("an", [("an", True)]),
        ("ann le", [("ann", False), ("le", True)]),
        ("조미", [("조미", True)]),
        ("", []),
        ("?", []),
    ],
)
def test_the_last_word_of_a_name_may_go_on(typed, read):
    assert terms(read_name(typed)) == read


def test_a_title_is_read_as_single_tokens_each_of_them_once():
    assert terms(read_title("Flask and flask, 파이썬")) == [
        ("flask", False), ("and", False), ("파이", False), ("이썬", False)
    ]  # fmt: skip
    assert len(read_title(" ".join(f"word{number}" for number in range(50))).terms) == 12
    assert read_title("a b c", most=2).terms == (Term(("a",)), Term(("b",)))


@given(st.text(max_size=2 * LONGEST_QUERY))
@settings(max_examples=40)
def test_any_text_is_read_into_words_that_have_letters(typed):
    for query in (read_query(typed), read_name(typed), read_title(typed)):
        assert all(term.tokens and all(token.strip() for token in term.tokens) for term in query.terms)
    assert len(read_query(typed).text) <= LONGEST_QUERY
