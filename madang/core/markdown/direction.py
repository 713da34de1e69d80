"""Paragraphs, list items, headings and cells with Arabic, Hebrew or a similar script take their direction from it."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from .sanitizer import trusted

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def direction_plugin(md: MarkdownIt) -> None:
    """Add the rule of this module."""
    md.core.ruler.push("direction", set_direction)


def set_direction(state: StateCore) -> None:
    """Set `dir="auto"` where a block has a letter that is written from right to left."""
    if not RIGHT_TO_LEFT.search(state.src):
        return
    for position, token in enumerate(state.tokens):
        if token.type == "inline" and position and RIGHT_TO_LEFT.search(token.content):
            opening = state.tokens[position - 1]
            # The paragraph of a tight list is hidden: its item is the block.
            block = state.tokens[position - 2] if opening.hidden and position > 1 else opening
            block.attrs[trusted("dir")] = "auto"
