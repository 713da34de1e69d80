"""Conversion of HTML, tags and names of another site to Madang's formats."""

import re

import nh3
from markdownify import ATX, markdownify

from madang.core.markdown.sanitizer import plain_text
from madang.core.markdown.soft_breaks import join_soft_breaks
from madang.core.text import MAX_TAG, NOT_IN_TAG, clean_body, clean_line, normalize_tag
from madang.posts.models import TAGS_MAX


def html_to_markdown(html: str) -> str:
    """Convert HTML to Markdown. Which HTML a page may contain is decided when the Markdown is rendered."""
    clean = nh3.clean(html)
    try:
        return join_soft_breaks(clean_body(markdownify(clean, heading_style=ATX, bullets="-")))
    except RecursionError:  # tags a thousand deep
        return clean_body(plain_text(clean))


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
