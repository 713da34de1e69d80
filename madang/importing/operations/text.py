"""Texts of another site in the form that texts have here."""

import re

import nh3
from markdownify import ATX, markdownify

from madang.core.markdown.sanitizer import plain_text
from madang.core.text import MAX_TAG, NOT_IN_TAG, clean_body, clean_line, normalize_tag
from madang.posts.models import TAGS_MAX


def markdown_of(html: str) -> str:
    """Markdown that says what `html` shows. What may stand on a page is decided when it is rendered."""
    clean = nh3.clean(html)
    try:
        return clean_body(markdownify(clean, heading_style=ATX, bullets="-"))
    except RecursionError:  # tags a thousand deep
        return clean_body(plain_text(clean))


def names_of_tags(written: str) -> list[str]:
    """The tags in `<a><b>` or `|a|b|`, as they are called here."""
    names = [tag_name(name) for name in re.findall(r"[^<>|]+", written)]
    return list(dict.fromkeys(name for name in names if name))[:TAGS_MAX]


def tag_name(written: str) -> str | None:
    """A tag of another site as it can be called here; None where nothing is left of it."""
    return normalize_tag(written) or normalize_tag(NOT_IN_TAG.sub("-", written)[:MAX_TAG])


def line(written: str, length: int) -> str:
    """A one-line text, cut to `length`."""
    return clean_line(written)[:length].rstrip()
