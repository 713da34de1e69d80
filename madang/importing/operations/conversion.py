"""Conversion of HTML, tags and names of another site to Madang's formats."""

import re
from collections.abc import Sequence

from madang.core.markdown.limits import MAX_BODY
from madang.core.markdown.renderer import render
from madang.core.markdown.sanitizer import plain_text
from madang.core.text import MAX_TAG, NOT_IN_TAG, clean_body, clean_line, normalize_tag
from madang.posts.models import TAGS_MAX

from .escaping import Style, escape_line, escape_text
from .html_tree import CLEANER, Element, paragraphs, parse, same_blocks
from .markdown_blocks import write_block, write_blocks, write_html

MAX_DEPTH = 60
MARKS, TAGS = Style(), Style(as_tags=True)


def html_to_markdown(html: str, limit: int = MAX_BODY) -> str:
    """Convert HTML to Markdown of which the renderer makes the same HTML again, as far as the sanitizer allows it.

    A block that would become another is written with tags instead of marks, or else as HTML. Blocks that do not fit
    into `limit` characters are left out.
    """
    clean = CLEANER.clean(html)
    tree, depth = parse(clean)
    if depth > MAX_DEPTH:
        return as_plain_paragraphs(clean, limit)
    blocks = paragraphs(tree.children)
    whole = clean_body("\n\n".join(write_blocks(blocks, MARKS)))
    if len(whole) <= limit and is_same(whole, blocks):
        return whole
    written = [convert_block(block) for block in blocks]
    joined = fitting(written, limit)
    if sum(map(len, written)) > limit or is_same(joined, blocks):
        return joined or as_plain_paragraphs(clean, limit)
    return fitting([write_html(block) for block in blocks], limit) or as_plain_paragraphs(clean, limit)


def is_same(source: str, blocks: Sequence[Element]) -> bool:
    """Whether `source` is rendered as these blocks, also where every name in it is somebody's."""
    tree, _depth = parse(render(source, mentions=lambda names: names))
    return same_blocks(tree.children, blocks)


def convert_block(block: Element) -> str:
    for style in (MARKS, TAGS):
        source = write_block(block, style)
        if is_same(clean_body(source), [block]):
            return source
    return write_html(block)


def fitting(blocks: list[str], limit: int) -> str:
    """The first of these blocks that fit into `limit` characters."""
    text = ""
    for block in blocks:
        longer = clean_body(f"{text}\n\n{block}" if text else block)
        if len(longer) > limit:
            break
        text = longer
    return text


def as_plain_paragraphs(clean: str, limit: int) -> str:
    """The words of HTML without its elements."""
    lines = (escape_line(escape_text(line, MARKS)) for line in plain_text(clean)[:limit].splitlines())
    return fitting(list(lines), limit)


def parse_tag_names(source: str) -> list[str]:
    """The valid tag names in `<a><b>` or `|a|b|`, at most `TAGS_MAX`, without repetitions."""
    names = [tag_name(name) for name in re.findall(r"[^<>|]+", source)]
    return list(dict.fromkeys(name for name in names if name))[:TAGS_MAX]


def tag_name(source: str) -> str | None:
    """The nearest valid name for a tag of another site; None if no valid character is left."""
    return normalize_tag(source) or normalize_tag(NOT_IN_TAG.sub("-", source)[:MAX_TAG])


def single_line(source: str, length: int) -> str:
    """The text on one line, cut to `length` characters."""
    return clean_line(source)[:length].rstrip()
