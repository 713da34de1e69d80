"""What rendered HTML shows: texts that print nothing are empty wherever somebody writes."""

import pytest

from madang.core.markdown.renderer import render, render_inline
from madang.core.markdown.visible import printed, shows, shows_picture

NOTHING = (
    *("", " \n ", "&nbsp;" * 5, "<details></details>", "<details>&nbsp;</details>", "[](http://a.kr)"),
    *("[ ](http://a.kr)", "<!-- a comment -->", "# ", "> ", "***", "---", "- ", "1. ", "```\n```", "<br>"),
    *("```py\n\n```", "    \n", "\u200b" * 5, "\u3164\u3164", "\uffa0", "\u2800\u2800", "\u115f", "\ufe0f", "\u00ad"),
    *("\u034f", "\u0301", "\U000e0041", "&#8203;&#x3164;", "&zwj;&shy;", "&ZeroWidthSpace;", "<b></b><i> </i>"),
    *("<span>\u200b</span>", "<p></p>", "<hr>", "| | |\n|-|-|\n| | |", "<img>", "<kbd></kbd>", "<script>x()</script>"),
    *("[a]: http://a.kr", "`\u200b`", "<u></u>", "<ruby></ruby>", "![]()", "<input>", "\u2060&NoBreak;", "&#xAD;"),
    *("\x90", "\u2028\u2029", "\u3000"),
    *("\ufffc", "\ufffc\n\n\ufffc", "\ufffd", "\ud800\udfff", "&#xD800;", "&#xFFFC;", "\ue000", "\uf8ff", "\U000f0000"),
    *("\U0010fffd", "\u0378", "\uffff", "\ufdd0", "\U0001fffe", "\U000e1000", "&#xE000;&#x378;"),
)
SOMETHING = (
    "a",
    "가",
    "👍",
    "❤️",
    "1️⃣",
    "?",
    "`a`",
    "| a |\n|-|\n| |",
    "<b>b</b>",
    "ㅋ",
    "\u0601",
    "$",
    "\U0001fae9",
    "\U00031350",
    "a\ufffc",
)


@pytest.mark.parametrize("source", NOTHING)
def test_what_prints_nothing_counts_as_empty(source):
    assert not shows(render(source))
    assert printed(source, render(source)) == ("", "")


@pytest.mark.parametrize("source", SOMETHING)
def test_what_prints_counts(source):
    assert shows(render(source)) and shows(render_inline(source))
    assert printed(source, "<p>a</p>") == (source, "<p>a</p>")


def test_pictures_and_formulas_count_as_text():
    assert shows(render("![](/files/a.png)"), 10) and shows_picture(render("![](/files/a.png)"))
    assert shows("<math><mi>x</mi></math>", 10)


@pytest.mark.parametrize(
    ("source", "count"),
    [("a b", 2), ("가나\n\n다", 3), ("**가**", 1), ("[글](http://a.kr/long)", 1), ("`a` &amp; b", 3)],
)
def test_characters_are_counted_as_they_are_shown(source, count):
    assert shows(render(source), count) and not shows(render(source), count + 1)
