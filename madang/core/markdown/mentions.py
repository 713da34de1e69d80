"""Mentions: `@name` becomes a link if the person exists; `www.` and mail addresses are linked in the same pass.

In Korean a particle or title follows without a space (`@은별이님께`), so a mention has several readings; the longest
name wins of those that the caller says exist. Quotes, code and links have no mentions.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.common.utils import isLinkClose, isLinkOpen
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from madang.core.names import NAME_MARKS, letters_of_names

from .addresses import address_rest
from .cjk import CJK_LETTERS
from .limits import Budget
from .links import LinkAttributes, link_tokens
from .sanitizer import TRUSTED_PREFIX, trusted

Mentions = Callable[[set[str]], set[str]]
MAX_MENTIONS = 50
MIN_NAME, MAX_NAME, MAX_SUFFIX = 2, 30, 10
NAME = r"(?<![A-Za-z0-9_@＠/])(?<![A-Za-z0-9][.+-])[@＠](?P<name>[{letters}][{letters}_.-]{{0,40}}+)"
ADDRESS = (
    r"(?<![A-Za-z0-9._+-])(?P<mail>[A-Za-z0-9._+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![A-Za-z0-9_@-])"
    r"|(?<![A-Za-z0-9._/@-])(?P<www>www\.)(?=[^\W_])"
)
SIGN = re.compile("[@＠]")
RAW_QUOTE = re.compile(r"<(/?)blockquote\b", re.IGNORECASE)
SUFFIX = re.compile(rf"[{CJK_LETTERS}]{{1,{MAX_SUFFIX}}}$")


@cache
def mention_or_address() -> re.Pattern[str]:
    """The pattern of mentions, with all characters that a username may have, mail addresses and `www.`."""
    return re.compile(f"{NAME.format(letters=letters_of_names())}|{ADDRESS}", re.IGNORECASE)


def mentions_plugin(md: MarkdownIt) -> None:
    """Link mentions, `www.` and mail addresses after the inline rules."""
    md.core.ruler.after("inline", "mentions", link_mentions)


def link_mentions(state: StateCore) -> None:
    names = candidate_names(state.tokens)
    resolve: Mentions | None = state.env.get("mentions")
    existing = resolve(names) & names if resolve and names else set()
    for block, is_quoted in with_quotes(state.tokens):
        if block.children:
            block.children = list(link_block(block, set() if is_quoted else existing, state.env["budget"]))


def candidate_names(blocks: list[Token]) -> set[str]:
    """Every reading of the first MAX_MENTIONS mentions in a text."""
    names: dict[str, None] = {}
    for block, is_quoted in with_quotes(blocks):
        if is_quoted:
            continue
        texts = (token.content for token, is_free in with_links(block) if is_free)
        names.update(dict.fromkeys(name for text in texts for name in names_in(text)))
        if len(names) > MAX_MENTIONS:
            break
    return {reading for name in list(names)[:MAX_MENTIONS] for reading in readings(name)}


def resolve_mentions(blocks: list[Token], existing: set[str]) -> set[str]:
    """The names, of those in `existing`, that a text mentions."""
    unquoted = (block for block, is_quoted in with_quotes(blocks) if not is_quoted)
    texts = (token.content for block in unquoted for token, is_free in with_links(block) if is_free)
    return {longest_reading(name, existing) for text in texts for name in names_in(text)} - {""}


def names_in(text: str) -> Iterator[str]:
    return (
        (match["name"] for match in mention_or_address().finditer(text) if match["name"])
        if SIGN.search(text)
        else iter(())
    )


def readings(name: str) -> list[str]:
    """The possible names of a mention, longest first: `은별이님` -> 은별이님, 은별이, 은별."""
    name = name.rstrip(NAME_MARKS)
    suffix = SUFFIX.search(name)
    shortest = max(suffix.start() if suffix else len(name), MIN_NAME)
    return [name[:end].rstrip(NAME_MARKS) for end in range(min(len(name), MAX_NAME), shortest - 1, -1)]


def longest_reading(name: str, existing: set[str]) -> str:
    """The longest reading of a mention that is in `existing`; empty if none is."""
    return next((reading for reading in readings(name) if reading in existing), "")


def with_quotes(blocks: list[Token]) -> Iterator[tuple[Token, bool]]:
    """Each block, and whether it is inside a quote, whose mentions are another text's."""
    depth = 0
    for block in blocks:
        if block.type == "html_block":
            steps = [-1 if slash else 1 for slash in RAW_QUOTE.findall(block.content)]
        else:
            steps = [{"blockquote_open": 1, "blockquote_close": -1}.get(block.type, 0)]
        for step in steps:
            depth = max(0, depth + step)
        yield block, depth > 0


def with_links(block: Token) -> Iterator[tuple[Token, bool]]:
    """Each inline token, and whether it is text outside a link."""
    depth = 0
    for token in block.children or ():
        depth = max(0, depth + link_step(token))
        yield token, token.type == "text" and depth == 0


def link_step(token: Token) -> int:
    if token.type == "html_inline":
        return int(isLinkOpen(token.content)) - int(isLinkClose(token.content))
    return {"link_open": 1, "link_close": -1}.get(token.type, 0)


def link_block(block: Token, existing: set[str], budget: Budget) -> Iterator[Token]:
    for token, is_free in with_links(block):
        if is_free and (SIGN.search(token.content) or "www." in token.content.lower()):
            yield from split_at_links(token, existing, budget)
        else:
            yield token


def split_at_links(token: Token, existing: set[str], budget: Budget) -> Iterator[Token]:
    """A text token, split into links and the text between them."""
    text, done, position = token.content, 0, 0
    while match := mention_or_address().search(text, position):
        is_mention = bool(match["name"])
        is_allowed = is_mention or budget.spend("web_addresses")  # to look for its end has a cost, link or not
        end, attrs = link_target(match, existing) if is_allowed else (match.end(), {})
        position = max(end, match.end())
        if attrs and (not is_mention or budget.spend("mention_links")):
            yield Token("text", "", 0, content=text[done : match.start()], level=token.level)
            yield from link_tokens(attrs, text[match.start() : end], token.level)
            done = position = end
    yield Token("text", "", 0, content=text[done:], level=token.level)


def link_target(match: re.Match[str], existing: set[str]) -> tuple[int, LinkAttributes]:
    """The end of a match's link and its attributes, which are empty if there is nothing to link to."""
    if match["mail"]:
        return match.end(), {"href": f"mailto:{match['mail']}"}
    if match["www"]:
        rest = address_rest(match.string, match.start(), len(match.string))
        return match.start() + len(rest), {"href": f"http://{quote_url(rest)}"} if "." in rest[4:] else {}
    name = longest_reading(match["name"], existing)
    if not name:
        return match.start("name"), {}
    mention, data_user = trusted("mention"), f"data-{TRUSTED_PREFIX}user"
    return match.start("name") + len(name), {"href": f"/users/{quote(name)}", "class": mention, data_user: name}


def quote_url(rest: str) -> str:
    return quote(rest, safe="/?#[]@!$&'()*+,;=:%~")
