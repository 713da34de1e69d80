"""Blocks with Arabic or Hebrew take their direction from their text; others carry no attribute."""

import re

import pytest

from madang.core.markdown.renderer import render, render_inline


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("שלום עולם", ["p"]),
        ("مرحبا بالعالم", ["p"]),
        ("안녕 שלום", ["p"]),
        ("English\n\nשלום\n\n한국어", ["p"]),
        ("# שלום", ["h3"]),
        ("- שלום\n- hello", ["li"]),
        ("- שלום\n\n- hello", ["p"]),
        ("> مرحبا", ["p"]),
        ("|a|b|\n|-|-|\n|שלום|c|", ["td"]),
        ("|שלום|b|\n|-|-|\n|a|c|", ["th"]),
        ("- [ ] שלום", ["li"]),
        ("a[^1]\n\n[^1]: שלום", ["p"]),
        ("𐤀𐤁", ["p"]),
        ("```\nשלום\n```", []),
        ("한국어 **English** 日本語", []),
    ],
)
def test_a_block_with_right_to_left_letters_has_an_automatic_direction(source, tags):
    assert re.findall(r'<(\w+)[^>]* dir="auto"', render(source)) == tags


def test_comments_too():
    assert render_inline("שלום").startswith('<p dir="auto">')


def test_a_body_cannot_set_the_direction():
    assert "dir=" not in render('<p dir="rtl">a</p><span dir="rtl">b</span>')
