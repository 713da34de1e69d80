"""Autolinks: bare `https://...` become links; `addresses` finds where they end in running text.

Not linkify-it-py: it takes minutes on 100,000 characters of `://` and makes a link of every README.md.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from .addresses import address_rest

LinkAttributes = dict[str, str | int | float]
SCHEME = re.compile(r"(?<![A-Za-z0-9])https?$", re.IGNORECASE)


def links_plugin(md: MarkdownIt) -> None:
    """Link bare web addresses."""
    md.inline.ruler.before("newline", "web_address", web_address)


def web_address(state: StateInline, silent: bool) -> bool:
    """Match `https://...` while the line is parsed, so that `_` and `*` inside an address are no emphasis."""
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = SCHEME.search(state.pending[-6:])
    if not scheme or not state.env["budget"].spend("web_addresses"):
        return False
    rest = address_rest(state.src, state.pos + 3, state.posMax)
    url = state.md.normalizeLink(f"{scheme.group()}://{rest}")
    if not rest or not state.md.validateLink(url):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme.group())]
        push_link(state, url, state.md.normalizeLinkText(f"{scheme.group()}://{rest}"))
    state.pos += 3 + len(rest)
    return True


def push_link(state: StateInline, url: str, text: str) -> None:
    state.push("link_open", "a", 1).attrs = {"href": url}
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1)


def link_tokens(attrs: LinkAttributes, text: str, level: int) -> list[Token]:
    return [
        Token("link_open", "a", 1, attrs=attrs, level=level),
        Token("text", "", 0, content=text, level=level + 1),
        Token("link_close", "a", -1, level=level),
    ]
