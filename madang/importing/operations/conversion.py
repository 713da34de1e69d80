"""Conversion of HTML, tags and names of another site to Madang's formats."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from madang.core.markdown.formulas import as_source
from madang.core.markdown.limits import is_too_heavy
from madang.core.markdown.renderer import render
from madang.core.markdown.sanitizer import plain_text
from madang.core.text import MAX_TAG, clean_body, clean_line, is_of_tag, normalize_tag
from madang.posts.models import TAGS_MAX

from .escaping import Style, escape_line, escape_text
from .html_tree import CLEANER, Element, paragraphs, parse, same_blocks
from .markdown_blocks import write_block, write_blocks, write_html

MAX_DEPTH = 60


def html_to_markdown(html: str, limit: int | None = None, *, uses_math: bool = False) -> str:
    """Convert HTML to Markdown of which the renderer makes the same HTML again, as far as the sanitizer allows it.

    A block that would become another is written with tags instead of marks, or else as HTML. Blocks that do not fit
    into `limit` characters are left out. A text that is too long for the renderer is not verified. With `uses_math`,
    formulas stay as they are.
    """
    marks = Style(uses_math=uses_math)
    clean = CLEANER.clean(html)
    tree, depth = parse(clean)
    if depth > MAX_DEPTH:
        return as_plain_paragraphs(clean, limit, marks)
    blocks = paragraphs(tree.children)
    whole = joined(write_blocks(blocks, marks))
    if len(whole) <= (limit or len(whole)) and (is_too_heavy(whole) or is_same(whole, blocks, marks)):
        return whole
    written = fitting([convert_block(block, marks) for block in blocks], limit)
    source = joined(written)
    if not is_same(source, blocks[: len(written)], marks):
        source = joined(fitting([write_html(block) for block in blocks], limit))
    return source or as_plain_paragraphs(clean, limit, marks)


def is_same(source: str, blocks: Sequence[Element], style: Style) -> bool:
    """Whether `source` is rendered as these blocks, also where every name in it is somebody's."""
    formulas = as_source if style.uses_math else None
    tree, _depth = parse(render(source, mentions=lambda names: names, formulas=formulas))
    return same_blocks(tree.children, blocks)


def convert_block(block: Element, marks: Style) -> str:
    for style in (marks, replace(marks, as_tags=True)):
        source = write_block(block, style)
        if is_same(clean_body(source), [block], style):
            return source
    return write_html(block)


def fitting(blocks: list[str], limit: int | None) -> list[str]:
    """The first of these blocks that fit into `limit` characters."""
    ends = accumulate(len(block) + 2 for block in blocks)
    return [block for block, end in zip(blocks, ends, strict=True) if limit is None or end - 2 <= limit]


def joined(blocks: list[str]) -> str:
    return clean_body("\n\n".join(blocks))


def as_plain_paragraphs(clean: str, limit: int | None, style: Style) -> str:
    """The words of HTML without its elements."""
    lines = [escape_line(escape_text(line, style)) for line in plain_text(clean).splitlines()]
    return joined(lines)[:limit].rstrip("\\")


def parse_tag_names(source: str) -> list[str]:
    """The valid tag names in `<a><b>` or `|a|b|`, at most `TAGS_MAX`, without repetitions."""
    names = [tag_name(name) for name in re.findall(r"[^<>|]+", source)]
    return list(dict.fromkeys(name for name in names if name))[:TAGS_MAX]


def tag_name(source: str) -> str | None:
    """The nearest valid name for a tag of another site; None if no valid character is left."""
    letters = "".join(each if is_of_tag(each) else "-" for each in source[:MAX_TAG])
    return normalize_tag(source) or normalize_tag(letters)


def single_line(source: str, length: int) -> str:
    """The text on one line, cut to `length` characters."""
    return clean_line(source)[:length].rstrip()
