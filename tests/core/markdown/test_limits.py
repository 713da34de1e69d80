"""Every body of 100,000 characters renders in less than a second on a small machine."""

from itertools import count

import pytest

from madang.core.markdown.renderer import MAX_BODY, mentioned_names, render, render_inline
from tests.timing import assert_quick

SECONDS = 4  # what takes one may take twice that beside others; what grows with the square takes minutes

REPEATED = ["[", "*", "_", "`", ">", "|", "(", "![", "<", "&", "\\", "~", "@", ":", "http://", "a://", "a.b.c.", "*_*_"]
REPEATED += ["[a](b", "[a](<b", "[[]()", "<a", "<!--", "</", "&amp;", "&#", "**강조(설명)**입니다", "mailto:a", "가.kr"]
REPEATED += [
    "https://a.kr/b입니다",
    "https://a.kr/b입니다 ",
    "http://a.kr/((",
    "http://a.kr/['",
    "www.",
    "www.a ",
    "@a ",
]
REPEATED += ["~~a", "<b>", "<li><b>a", "<ul><li>", "<http://a>", "***a***", "가", "🎉"]
REPEATED_LINES = ["- ", "- a\n", "1. a\n", "> - ", "# \n", "|-\n", "a|b\n-|-\n\n", "[a]: b\n", "[a\n", "[a]: /u '\n"]
REPEATED_LINES += ["```\n", "```python\nx=1\n```\n", "- [ ] a\n", "<div>\n\n", "a\n=\n", "\\\n", "\n", " ", "\t"]


def repeat(piece: str) -> str:
    return (piece * (MAX_BODY // len(piece) + 1))[:MAX_BODY]


def lines(line) -> str:
    text, number = "", count()
    while len(text) < MAX_BODY:
        text += line(next(number))
    return text[:MAX_BODY]


HOSTILE = {
    "deep list": lines(lambda n: "  " * n + "- a\n"),
    "deep quote": lines(lambda n: ">" * n + "a\n"),
    "wide quotes": lines(lambda n: "> " * 18 + "- a\n"),
    "lazy quote": ">" * 50_000 + "\n" + "a\n" * 7_900,
    "long table": "|a|b|\n|-|-|\n" + "|1|2|\n" * 7_900,
    "wide table": "|" + "a|" * 25_000 + "\n|" + "-|" * 24_000,
    # Each line of a refused table may begin another one; each line without `>` may belong to all quotes before it.
    "refused tables": "-|-\n" * 7_900,
    "refused tables in a quote": "> -|-\n" * 7_900,
    "refused tables in a list": "- a\n" + "  -|-\n" * 7_900,
    "refused tables in a footnote": "a[^1]\n\n[^1]: b\n" + "    -|-\n" * 7_900,
    "refused tables of empty cells": ("-|-|-\n" * 3_000 + "x\n") * 2,
    "refused tables of many columns": ("|" + "-|" * 101 + "\n") * 400,
    "tables in quotes in lists": "> - -|-\n>   -|-\n> -|-\n-|-\n" * 1_900,
    "tables in lists": "- -|-\n  -|-\n" * 3_900,
    "headings in quotes": "> # a\nb\n" * 3_900,
    "code in quotes": "> ```\nb\n" * 3_900,
    "indented code in quotes": ">     a\nb\n" * 3_900,
    "lines in quotes": "> ---\nb\n" * 3_900,
    "definitions in quotes": "> [a]: b\nb\n" * 3_900,
    "quotes in quotes": "> > # a\nb\n" * 3_900,
    "quotes in footnotes": "[^1]: > # a\nb\n" * 3_900,
    "long quotes": ("> # a\n" * 200 + "b\n") * 39,
    "deep quotes": (">" * 17 + " # a\nb\n") * 3_900,
    "addresses of nothing": "www.가(" * 16_000,
    "table of empty cells": "|" + "a|" * 2_000 + "\n|" + "-|" * 2_000 + "\n" + "a\n" * 7_900,
    "many definitions": lines(lambda n: f"[r{n}]: /u{n}\n"),
    "definitions in use": lines(lambda n: f"[r{n}]: /u\n")[:50_000] + "\n\n" + lines(lambda n: f"[r{n}]\n")[:49_000],
    "one long definition": "[a]: /" + "u" * 50_000 + "\n\n" + "[a]" * 16_000,
    "one long title": "[a]: /u '" + "u" * 30_000 + "'\n\n" + "[a]" * 20_000,
    "one line": "a" * MAX_BODY,
    "runs of backticks": lines(lambda n: "`" * n + " "),
    "nested strong": "**a " * 12_000 + " b**" * 12_000,
    "nested links": "[" * 50_000 + "a" + "](b)" * 12_000,
    "nested pictures": "![" * 25_000 + "a" + "](b)" * 12_000,
    "brackets after a smile": "🎉" + "[" * 99_000,
    "brackets that close at the end": "[" * 99_000 + "]",
    "comments after a smile": "🎉" + "<!--" * 24_000,
    "entities after a smile": "🎉" + "&" * 99_000,
    "attributes": "<a " + "b=c " * 24_000,
    "many people": lines(lambda n: f"@user{n} "),
    "everything": repeat("*[a](b)_`c`<d>&e;![g](h)~~i~~**j**한@k http://l.kr\n"),
}


@pytest.mark.parametrize("piece", REPEATED + REPEATED_LINES, ids=ascii)
def test_a_repeated_piece_renders_in_time(piece):
    assert_quick(lambda: render(repeat(piece)), SECONDS)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_renders_in_time(name):
    assert_quick(lambda: render(HOSTILE[name], mentions=set), SECONDS)


@pytest.mark.parametrize("piece", ["[", "@a ", "**", "&", "https://a.kr/b입니다 "])
def test_a_comment_and_its_mentions_are_found_in_time(piece):
    assert_quick(lambda: render_inline(repeat(piece)), SECONDS)
    assert_quick(lambda: mentioned_names(repeat(piece)), SECONDS)


@pytest.mark.parametrize("language", ["c", "cpp", "csharp", "css", "groovy", "html", "java", "matlab", "perl", "rst"])
@pytest.mark.parametrize("code", ["a b\n" * 2_000, ("new " * 90 + "\n") * 20, '"\\a(<$ ' * 60, "\n" * 7_900])
def test_hostile_code_is_highlighted_in_time(language, code):
    assert_quick(lambda: render(f"```{language}\n{code}\n```\n\n" * 3), SECONDS)


@pytest.mark.parametrize("source", ["가" * (MAX_BODY + 1), "a\n" * 20_000], ids=["too long", "too many lines"])
def test_a_source_beyond_the_limits_is_preformatted(source):
    page = render(source)
    assert page.startswith('<pre tabindex="0">')
    assert page.count(source[0]) >= len(source) // 2


def test_a_long_definition_is_not_multiplied():
    assert len(render(HOSTILE["one long definition"])) < 3 * MAX_BODY


def test_raw_html_beyond_the_budget_shows_as_text():
    assert "&lt;b&gt;" in render("<b>" * 5_000)
    assert "&lt;div&gt;" in render("<div>" * 5_000)
