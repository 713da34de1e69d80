import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.search.queries.tokenizer import MAX_TOKENS, dialect_token, mark, query_terms, snippet, tokens
from tests.timing import assert_quick

ANY_TEXT = st.text(st.characters(codec=None) | st.sampled_from('가나 ab1"#+ﬁ'), max_size=80)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, World 42", ["hello", "world", "42"]),
        ("서버를", ["서버", "버를"]),
        ("꽃", ["꽃"]),
        ("python은 좋다", ["python", "은", "좋다"]),
        ("ＳＱＬ Straße", ["sql", "strasse"]),
        ("東京タワー", ["東京", "京タ", "タワ", "ワー"]),
        ("snake_case a.b", ["snake", "case", "a", "b"]),
        ("C++ C# F# c+", ["cplusplus", "csharp", "fsharp", "c"]),
        ("한글", ["한글"]),
        ("", []),
        ("!? 🎉", []),
    ],
)
def test_words_are_tokens_and_cjk_runs_are_pairs(text, expected):
    assert tokens(text) == expected


def test_a_word_is_found_with_its_particle_and_inside_a_longer_one():
    (term,) = query_terms("서버")
    for text in ("서버를", "웹서버에서"):
        assert set(term) <= set(tokens(text))


def test_each_word_of_a_query_is_one_run_of_tokens():
    assert query_terms("파이썬 flask 서버") == [["파이", "이썬"], ["flask"], ["서버"]]
    assert query_terms('"두 낱말" 끝') == [["두", "낱말"], ["끝"]]
    assert query_terms('"안 닫음') == [["안", "닫음"]]
    assert query_terms(' !? "" ') == []


def test_a_text_has_an_end_of_tokens_and_a_query_of_terms():
    assert len(tokens("가" * 100_000)) == MAX_TOKENS
    assert tokens("a b c", limit=2) == ["a", "b"]
    assert len(query_terms("a " * 1000)) == 16
    assert tokens("x" * 1000) == ["x" * 40]


@pytest.mark.parametrize(
    ("dialect", "expected"), [("mysql", "t_서버"), ("mariadb", "t_서버"), ("sqlite", "서버"), ("postgresql", "서버")]
)
def test_innodb_gets_tokens_that_it_keeps(dialect, expected):
    assert dialect_token("서버", dialect) == expected


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("웹서버를 켠다", "서버", ["서버"]),
        ("Flask와 flasks", "flask", ["Flask"]),
        ("ＳＱＬ is sql", "Sql", ["ＳＱＬ", "sql"]),
        ("ﬁle names", "file", ["ﬁle"]),
        ("C# and C++", "c++", ["C++"]),
        ("두 낱말이", '"두 낱말"', ["두 낱말"]),
        ("a.b a-b ab", "a.b", ["a.b", "a-b"]),
        ("nothing", "", []),
        ("(.*)", ".*", []),
    ],
)
def test_hits_are_marked_as_the_index_finds_them(text, query, marked):
    pieces = mark(text, query)
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, is_hit in pieces if is_hit] == marked


def test_a_snippet_is_the_stretch_with_the_most_hits():
    text = "서버 " + "채움 " * 200 + "서버 데이터베이스 서버\n이전 " + "채움 " * 200
    pieces = snippet(text, "서버 데이터베이스")
    line = "".join(piece for piece, _ in pieces)
    assert sum(is_hit for _, is_hit in pieces) == 3
    assert line.startswith("…") and line.endswith("…")
    assert "\n" not in line
    assert 150 < len(line) <= 202


def test_a_snippet_of_a_short_text_is_the_text():
    assert snippet("짧은  글", "없음") == [("짧은 글", False)]


def test_a_snippet_without_a_hit_is_the_beginning():
    assert snippet("가나 " * 100, "없음")[0][0].startswith("가나")


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_and_query_are_cut_without_loss(text, query):
    assert "".join(piece for piece, _ in mark(text, query)) == text
    snippet(text, query, 20)
    assert all(term for term in query_terms(query))
    assert all(token.isalnum() or not token.isascii() for token in tokens(text))


def test_a_text_full_of_half_hits_is_looked_through_in_time():
    phrases = " ".join('"' + "a " * 7 + last + '"' for last in "bcdefghijk")

    def look() -> None:
        for _hit in range(30):
            snippet("a- " * 2_666, phrases)
            snippet("a " * 4_000, '"' + "a " * 40 + 'b" ' + "a " * 40)

    assert_quick(look, 3)
