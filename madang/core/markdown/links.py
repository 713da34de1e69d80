"""Autolinks: bare `https://...`, `www....` and mail addresses become links; finds where they end in running text.

The rules follow GitHub's autolinks (trailing punctuation and an unmatched bracket stay outside) and add what Korean,
Chinese and Japanese need: a particle directly follows the address (`https://a.kr/b입니다`). Not
linkify-it-py: it takes minutes on 100,000 characters of `://` and makes a link of every README.md.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from .cjk import CJK_LETTERS

LinkAttributes = dict[str, str | int | float]
MAX_ADDRESS = 2_000
CJK_PUNCTUATION = "\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
REST = re.compile(rf'[^\s\x00-\x20<>"`|\\{CJK_PUNCTUATION}]{{1,{MAX_ADDRESS}}}')
SCHEME = re.compile(r"(?<![A-Za-z0-9])https?$", re.IGNORECASE)
NOT_HOST = re.compile(r"[/?#]")
HOST_IS_POSSIBLE = re.compile(r"(?:[^\W_]|\[[0-9a-fA-F:.]+\])")
TAIL = re.compile(rf"(?<=[A-Za-z0-9)])[{CJK_LETTERS}]+$")
TRAILING_ENTITY = re.compile(r"&[A-Za-z0-9]{1,32};$")
TRAILING_MARKS = "?!.,:;*_~'\"([{…·"
CLOSING = {")": "(", "]": "[", "}": "{"}
KOREAN_TLDS = ("한국", "닷컴", "닷넷", "삼성")
KOREAN_HOST_TAIL = re.compile(rf"(?<=\.)({'|'.join(KOREAN_TLDS)})[{CJK_LETTERS}]+$")
PARTICLES = (
    "은|는|이|가|을|를|에|의|로|와|과|도|만|나|요|랑|이랑|에서|으로|에는|에도|에서는|로는|까지|부터|처럼|보다|이나|하고"
    "|라고|이라고|라는|이라는|입니다|이에요|예요|에요|이다|인데|인데요"
)
PARTICLE_ALONE = re.compile(rf"(?<=/)(?:{PARTICLES})$")


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


def address_rest(source: str, start: int, end: int) -> str:
    """The part of an address after `https://`, which begins at `start`; empty if there is none."""
    match = REST.match(source, start, end)
    rest = trim_address(match.group()) if match else ""
    return rest if HOST_IS_POSSIBLE.match(rest) else ""


def trim_address(rest: str) -> str:
    """Cut trailing punctuation and particles off an address (without its scheme)."""
    before = None
    while before != rest:
        before = rest
        rest = trim_particle(trim_closing_brackets(TRAILING_ENTITY.sub("", rest).rstrip(TRAILING_MARKS)))
    return rest


def trim_closing_brackets(rest: str) -> str:
    """Cut closing brackets that the address does not open."""
    while rest and rest[-1] in CLOSING and rest.count(rest[-1]) > rest.count(CLOSING[rest[-1]]):
        rest = rest[:-1]
    return rest


def trim_particle(rest: str) -> str:
    """Cut CJK letters that follow directly on an ASCII letter, digit or bracket: `b입니다` -> `b`.

    A part that is all Hangul (`/wiki/한국`) belongs to the address, unless it is only a particle (`a.kr/는`).
    """
    if not NOT_HOST.search(rest):
        return TAIL.sub("", KOREAN_HOST_TAIL.sub(r"\1", rest))
    return TAIL.sub("", PARTICLE_ALONE.sub("", rest))
