"""Conversion of HTML, tags and names of another site."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.core.text import MAX_TAG, normalize_tag
from madang.importing.operations.conversion import html_to_markdown, parse_tag_names, single_line, tag_name
from madang.posts.models import TAGS_MAX


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>Two words</p>", "Two words"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<h2>A heading</h2>", "## A heading"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<b>bold</b> and <em>slanted</em>", "**bold** and *slanted*"),
        ('<a href="https://example.com">a link</a>', "[a link](https://example.com)"),
        ("<code>x = 1</code>", "`x = 1`"),
        ("<pre><code>x = 1\n</code></pre>", "```\nx = 1\n```"),
        ("<script>alert(1)</script>left", "left"),
        ('<a href="javascript:alert(1)">a link</a>', "a link"),
        ("", ""),
    ],
)
def test_html_is_converted_to_markdown(html, markdown):
    assert html_to_markdown(html) == markdown


def test_html_that_is_nested_too_deeply_becomes_plain_text():
    assert html_to_markdown("<div>" * 3_000 + "the words" + "</div>" * 3_000).strip() == "the words"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("<hops><dry-yeast>", ["hops", "dry-yeast"]),
        ("|hops|dry-yeast|", ["hops", "dry-yeast"]),
        ("<Hops><hops>", ["hops"]),
        ("<a><b><c><d><e><f>", ["a", "b", "c", "d", "e"]),
        ("<!!><hops>", ["hops"]),
        ("<맥주>", ["맥주"]),
        ("", []),
        ("<>", []),
    ],
)
def test_tags_are_read_in_both_forms(written, names):
    assert parse_tag_names(written) == names


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("C++", "c++"),
        ("c#", "c#"),
        (".net", ".net"),
        ("Visual Studio", "visual-studio"),
        ("r&d", "r-d"),
        ("snake_case", "snake-case"),
        ("x" * (MAX_TAG + 5), "x" * MAX_TAG),
        ("one-of-thirty-five-letters-in-a-dump", "one-of-thirty-five-letters-in-a-dump"),
        ("?!", None),
        ("", None),
    ],
)
def test_a_tag_gets_the_nearest_valid_name(written, name):
    assert tag_name(written) == name


@given(st.text(max_size=60))
@settings(max_examples=60)
def test_every_tag_name_is_valid(written):
    name = tag_name(written)
    assert name is None or normalize_tag(name) == name


@given(st.lists(st.text("ab<>|-", max_size=6), max_size=12).map("".join))
@settings(max_examples=60)
def test_tags_are_unique_and_limited(written):
    names = parse_tag_names(written)
    assert len(names) == len(set(names)) <= TAGS_MAX


@pytest.mark.parametrize(
    ("written", "line_text"),
    [
        ("  Ann \n Lee ", "Ann Lee"),
        ("Ann Lee", "Ann Lee"),
        ("abcdefghij", "abcdefgh"),
        ("abcdefg hij", "abcdefg"),
        ("An\u202en", "Ann"),
        ("", ""),
    ],
)
def test_a_line_has_single_spaces_and_a_maximum_length(written, line_text):
    assert single_line(written, 8) == line_text
