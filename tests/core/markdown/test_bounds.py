"""Bounds on what a text becomes: HTML at most 20 times its source, time that grows with it, a sentence when passed."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.parser_inline import ParserInline

from madang.core.errors import InvalidInput
from madang.core.markdown.limits import SKIP_ROOM, Budget, new_env
from madang.core.markdown.renderer import body_parser, render, render_inline


def table(rows: int, columns: int, cell: str = "1") -> str:
    line = f"|{f'{cell}|' * columns}\n"
    return line + f"|{':-:|' * columns}\n" + line * (rows - 1)


PIECES = [
    ">",
    "> ",
    "- ",
    "-\n",
    "1. ",
    "  ",
    "\n",
    "\n\n",
    "|",
    "|-",
    ":-:|",
    "a",
    "한",
    "🎉",
    "*",
    "**",
    "_",
    "`",
    "```py\n",
    "```\n",
]
PIECES += [
    "[a]",
    "[a]: /",
    "[a]: /uuuuuuuuuuuuuuuuuuuu\n",
    "![",
    "](b)",
    "@ann ",
    "@홍길동 ",
    "http://a.kr ",
    "www.a.kr ",
    "a@b.kr ",
]
PIECES += [
    "<b>",
    "<p>",
    "<pre>",
    "<a>",
    "<img>",
    "<input>",
    "<li>",
    "<td>",
    "<b title=x>",
    "&",
    "&nbsp;",
    "<",
    "- [ ] a\n",
    "# a\n",
]
PIECES += ["a+b-", "---\n", "~~", "\\\n", "[^1]", "[^1]: ", "[^1]: a\n\n", "^[", "$", "$$", "x^2", "שלום\n\n"]
runs = st.tuples(st.sampled_from(PIECES), st.integers(1, 60)).map(lambda run: run[0] * run[1])


@settings(max_examples=300, deadline=None)
@given(st.lists(runs, max_size=8).map("".join), st.integers(1, 20))
@example(">" * 19 + "\n\n", 200)
@example("@홍길동 ", 3_000)
@example("[a]: http://" + "u" * 100 + "\n\n" + "[a]" * 500, 1)
@example("|" + "a|" * 90 + "\n|" + ":-:|" * 90 + "\n" + "|" * 90 + "\n" + "a\n" * 300, 1)
@example("```c\n" + "+a" * 200 + "\n```\n", 20)
@example(table(60, 90, ""), 1)
def test_html_is_at_most_twenty_times_its_source(piece, times):
    source = piece * times
    for page in (render(source, mentions=set), render_inline(source, mentions=set)):
        assert len(page) <= 20 * len(source) + 2_000


@pytest.mark.parametrize("piece", PIECES)
def test_work_grows_with_the_length(piece):
    def work(source: str) -> int:
        blocks = body_parser().parse(source, new_env())
        return sum(1 + len(block.content) + len(block.children or ()) for block in blocks)

    assert work(piece * 2_000) <= 2.5 * work(piece * 1_000) + 100


ORDINARY = {
    "a table of 1,000 rows": table(1_000, 6),
    "aligned figures": table(50, 12),
    "quotes of quotes": "".join(f"{'> ' * depth}글 {depth}\n\n" for depth in range(1, 12)),
    "an outline": "".join(f"{'  ' * depth}- 글 {depth}\n" for depth in range(9)),
    "code": "```python\n" + "x = [i ** 2 for i in range(10)]\n" * 60 + "```\n",
    "tasks": "- [ ] 일\n" * 50,
    "quotes that go on without their mark": ("> 인용\n" + "이어지는 줄\n" * 20 + "> # 제목\n답\n\n") * 50,
    "tables that end at a heading": ("a|b\n-|-\n1|2\n# 제목\n") * 500,
}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_text_passes_no_bound(name):
    page = render(ORDINARY[name], field="body")
    assert len(page) > len(ORDINARY[name])


def test_lists_and_quotes_are_bounded_in_number():
    """Marks that alternate begin a new list on every line, on every level."""
    page = render("\n".join(["- " * 8 + "a", "+ " * 8 + "b"] * 2_775))
    assert page.count("<ul>") <= Budget.containers
    lists = render("\n\n".join(f"- one\n- two\n\ntext {number}" for number in range(1_500)))
    assert lists.count("<ul>") == 1_500


EXCESSIVE = {
    "The tables in this text have 45,000 cells": table(500, 90),
    "The tables in this text have 6,240 cells": table(13, 80) + "\n" + (table(13, 80) + "\n") * 5,
    "A table in this text has 101 columns": table(2, 101),
    "This text has 8,002 lines": "a\n" * 8_001,
    "The tables in this text have 7,198 cells": "-|-\n" * 3_600,
    "Too many lines of this text may belong to its quotes": "> # deep\na\n" * 3_000,
    "lists in this text are nested too deeply": "\n".join(["- " * 8 + "a", "+ " * 8 + "b"] * 2_775),
    "nested too deeply": "".join(f"{'  ' * depth}- 글 {depth}\n" for depth in range(30)),
    "are nested too deeply": ">" * 30 + " deep",
    "far more formatting than words": ">" * 15 + "\n\n" + (">" * 15 + "\n\n") * 300,
}


@pytest.mark.parametrize("sentence", EXCESSIVE)
def test_a_text_beyond_a_bound_is_refused_with_a_sentence(sentence):
    with pytest.raises(InvalidInput, match=re.escape(sentence)) as refused:
        render(EXCESSIVE[sentence], field="body")
    assert set(refused.value.fields) == {"body"}


@pytest.mark.parametrize("sentence", EXCESSIVE)
def test_without_a_field_no_word_is_lost(sentence):
    source = EXCESSIVE[sentence]
    page = re.sub(r"<[^>]*>", "", render(source))
    assert [page.count(word) for word in ("1", "글", "deep", "a")] == [
        source.count(word) for word in ("1", "글", "deep", "a")
    ]


def test_thirty_levels_of_lists_keep_the_words_of_each():
    page = render("".join(f"{'  ' * depth}- level{depth}.\n" for depth in range(30)))
    assert all(f"level{depth}." in page for depth in range(30))


def test_a_table_within_the_bound_has_every_cell():
    assert render(table(Budget.cells // 6, 6)).count("<t") >= Budget.cells


BRACKETS = [
    "![* * ~~1)[x] -->***}",
    "[]: ![|a|b\n-|-\n",
    ",[\u2028=- </b>[a]",
    "- [ ] (<!--![- [ ] ",
    "가[**[_a",
    "![",
    "[a][",
]


@pytest.mark.parametrize("piece", BRACKETS)
@pytest.mark.parametrize("length", [2_000, 15_500, 60_000])
def test_the_steps_that_search_for_the_end_of_brackets_grow_with_the_text(monkeypatch, piece, length):
    """Up to twenty brackets are open at once, and each searches what follows."""
    steps = 0
    skip_token = ParserInline.skipToken

    def count(self, state):
        nonlocal steps
        steps += 1
        skip_token(self, state)

    monkeypatch.setattr(ParserInline, "skipToken", count)
    render((piece * length)[:length])
    assert steps <= length + SKIP_ROOM


def test_ordinary_links_and_pictures_do_not_reach_that_bound():
    """Even where a text is made of nothing else."""
    text = "[![a *b*](/c)](/d) [e **f** `g`](/h) [i][j] [k [l] m](/n)\n\n" * 200 + "[j]: /o"
    budget = Budget(len(text))
    tokens = body_parser().parse(text, new_env(budget))
    assert budget.skipped_tokens > len(text) / 4
    kinds = [child.type for token in tokens for child in token.children or ()]
    assert (kinds.count("link_open"), kinds.count("image")) == (800, 200)
