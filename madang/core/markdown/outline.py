"""Fit a text into the page: heading levels, labelled task lists, image sizes."""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .sanitizer import trusted

ImageSize = Callable[[str], tuple[int, int] | None]
FIRST_LEVEL, LAST_LEVEL = 3, 6
TASK = re.compile(r"\[([ xX])\][ \t\n]+(?=\S)")


def outline_plugin(md: MarkdownIt) -> None:
    """Add the rules of this module."""
    md.core.ruler.push("headings", number_headings)
    md.core.ruler.push("tasks", mark_tasks)
    md.core.ruler.push("image_sizes", size_images)


def number_headings(state: StateCore) -> None:
    """Renumber headings: they begin at h3, below the page's title and sections, and skip no level."""
    above: list[str] = []
    for token in state.tokens:
        if token.type == "heading_open":
            above = [tag for tag in above if tag < token.tag] + [token.tag]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(FIRST_LEVEL + len(above) - 1, LAST_LEVEL)}"


def mark_tasks(state: StateCore) -> None:
    """Turn `- [x] done` into a ticked checkbox with the line as its label, for screen readers."""
    lists: list[Token] = []
    for position, token in enumerate(state.tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(token)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open" and is_task(state.tokens, position):
            token.attrs["class"] = trusted("task-list-item")
            lists[-1].attrs["class"] = trusted("task-list")
            label_task(state.tokens[position + 2])


def is_task(tokens: list[Token], item: int) -> bool:
    inline = tokens[item + 2] if item + 2 < len(tokens) else None
    if inline is None or not inline.children:
        return False
    return inline.children[0].type == "text" and bool(TASK.match(inline.content))


def label_task(inline: Token) -> None:
    """Turn the leading `[x] ` of a line into a checkbox, and the line into its label."""
    first, *rest = inline.children or []
    checked = {"checked": ""} if first.content[1] in "xX" else {}
    first.content = " " + first.content[3:].lstrip()
    box = Token("checkbox", "input", 0, attrs={"type": "checkbox", "disabled": "", **checked})
    inline.children = [Token("label_open", "label", 1), box, first, *rest, Token("label_close", "label", -1)]


def size_images(state: StateCore) -> None:
    """Set the width and height of known images, so that the text does not move while they load."""
    image_size: ImageSize = state.env.get("image_size") or (lambda _address: None)
    images = (token for block in state.tokens for token in block.children or () if token.type == "image")
    for token in images:
        if size := image_size(str(token.attrs["src"])):
            token.attrs["width"], token.attrs["height"] = size
