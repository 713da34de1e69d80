"""Single line breaks: kept in what is written here, joined in what comes from sites where they are spaces."""

import re

import html5lib
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from madang.core.markdown.limits import new_env
from madang.core.markdown.renderer import body_parser, render, render_inline
from madang.core.markdown.soft_breaks import harden_breaks, join_soft_breaks


def as_elsewhere(source: str) -> str:
    """Rendered as Stack Exchange does."""
    parser = body_parser.__wrapped__()
    parser.options["breaks"] = False
    return tree(parser.render(source, new_env()))


def tree(page: str) -> str:
    page = re.sub(r"own[0-9a-f]{16}-", "", page)
    return re.sub(r"\s+", " ", html5lib.serialize(html5lib.parseFragment(page), alphabetical_attributes=True))


@pytest.mark.parametrize("rendered", [render, render_inline])
@pytest.mark.parametrize(
    "source",
    [
        "하나\n둘",
        "하나  \n둘",
        "하나\\\n둘",
        "- 하나\n  둘",
        "> 하나\n> 둘",
        "> 하나\n둘",
        "1. 하나\n둘",
        "**하나\n둘**",
    ],
)
def test_a_single_line_break_stays(rendered, source):
    assert rendered(source).count("<br>") == 1


@pytest.mark.parametrize("source", ["하나\n\n둘", "`하나\n둘`", "    하나\n    둘", "```\n하나\n둘\n```", "# 하나\n둘"])
def test_a_new_paragraph_and_code_have_no_break(source):
    assert "<br>" not in render(source)


@pytest.mark.parametrize(
    ("source", "joined"),
    [
        ("one\ntwo", "one two"),
        ("one\n  two", "one two"),
        ("one  \ntwo\nthree", "one  \ntwo three"),
        ("one\\\ntwo", "one\\\ntwo"),
        ("> one\n> two\nthree", "> one two three"),
        ("- one\n  two\n- three", "- one two\n- three"),
        ("```\none\ntwo\n```", "```\none\ntwo\n```"),
        ("    one\n    two", "    one\n    two"),
        ("|a|\n|-|\n|b|", "|a|\n|-|\n|b|"),
        ("<div>\none\ntwo\n</div>", "<div>\none\ntwo\n</div>"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("**\n**", "**\n**"),
        ("**\none", "** one"),
    ],
)
def test_soft_breaks_are_joined(source, joined):
    assert join_soft_breaks(source) == joined


PIECES = [
    "one",
    "two ",
    "  ",
    "\n",
    "\n\n",
    "\\",
    "> ",
    "- ",
    "1. ",
    "    ",
    "`",
    "```",
    "**",
    "[a](/b)",
    "|",
    "<b>",
    "# ",
    "---",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_joined_text_renders_as_it_did_elsewhere(source):
    assume(
        not re.search(r"^\W*\n\W*$", source, re.MULTILINE)
    )  # marks alone, which could become a rule, stay as they are
    assert tree(body_parser().render(join_soft_breaks(source), new_env())) == as_elsewhere(source)


@pytest.mark.parametrize(
    ("source", "hardened"),
    [
        ("one\ntwo\nthree", "one  \ntwo  \nthree"),
        ("one\\\ntwo", "one\\\ntwo"),
        ("> one\n> two", "> one  \n> two"),
        ("`one\ntwo`\nthree", "`one\ntwo`  \nthree"),
        ("```\none\ntwo\n```", "```\none\ntwo\n```"),
        ("|a|\n|-|\n|b|", "|a|\n|-|\n|b|"),
    ],
)
def test_breaks_are_hardened_for_other_sites(source, hardened):
    assert harden_breaks(source) == hardened


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_hardened_text_renders_elsewhere_as_here_and_survives_the_way_back(source):
    assume(not re.search(r"^\W*\n\W*$", source, re.MULTILINE))
    here, hardened = tree(body_parser().render(source, new_env())), harden_breaks(source)
    assert as_elsewhere(hardened) == here
    assert tree(body_parser().render(join_soft_breaks(hardened), new_env())) == here
