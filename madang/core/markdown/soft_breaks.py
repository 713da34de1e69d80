"""Single line breaks of Markdown from and for sites where they are only spaces, as on Stack Exchange."""

import re
from collections.abc import Callable

from markdown_it.token import Token

from .limits import is_too_heavy, new_env
from .renderer import body_parser

# An odd number of backslashes, or two spaces, of which a backslash would take the first.
HARD_BREAK = re.compile(r"(?:^|[^\\])(?:\\\\)*(?:\\|  )$|   $")
RULE = re.compile(r"[-*_\s]+$")  # what would become a horizontal rule
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)")
SOFT_BREAK = re.compile(r"\S[^\S\n]*\n[^\S\n]*\S")


def join_soft_breaks(source: str) -> str:
    """The source with each soft line break replaced by a space; hard breaks, code and other blocks stay."""
    return change_blocks(source, join_lines)


def harden_breaks(source: str) -> str:
    """The source with two spaces before each soft line break, which `join_soft_breaks` leaves as it is."""
    return change_blocks(source, harden_lines)


def change_blocks(source: str, change: Callable[[list[str], Token], None]) -> str:
    """The source after `change` of its lines for each block of words on several lines, the last block first."""
    if not SOFT_BREAK.search(source) or is_too_heavy(source):
        return source
    lines = source.split("\n")
    blocks = [token for token in body_parser().parse(source, new_env()) if token.type == "inline" and token.map]
    for block in reversed(blocks):
        change(lines, block)
    return "\n".join(lines)


def sources_of(lines: list[str], block: Token) -> tuple[list[str], list[str]]:
    """The lines of a paragraph or heading, and what the parser made of each; none if these are not its source."""
    start = block.map[0] if block.map else 0
    texts = block.content.split("\n")
    sources = lines[start : start + len(texts)]
    pairs = zip(sources, texts, strict=False)
    is_source = len(texts) > 1 and all(source.rstrip().endswith(text.rstrip()) for source, text in pairs)
    return (sources, texts) if is_source else ([], [])


def harden_lines(lines: list[str], block: Token) -> None:
    """Add two spaces to the lines of one paragraph or heading in place, but not within code."""
    sources, texts = sources_of(lines, block)
    start = block.map[0] if block.map else 0
    codes = [found.span() for found in CODE_SPAN.finditer(block.content)]
    end = -1
    for number, (source, text) in enumerate(zip(sources[:-1], texts[:-1], strict=True), start):
        end += len(text) + 1
        is_in_code = any(first < end < last for first, last in codes)
        if not is_in_code and not HARD_BREAK.search(source):
            lines[number] = f"{source.rstrip()}  "


def join_lines(lines: list[str], block: Token) -> None:
    """Join the lines of one paragraph or heading in place, if its source is what the parser made of it."""
    sources, texts = sources_of(lines, block)
    if not sources:
        return
    start = block.map[0] if block.map else 0
    joined = sources[:1]
    for source, text in zip(sources[1:], texts[1:], strict=False):
        if HARD_BREAK.search(joined[-1]):
            joined.append(source)
        else:
            is_plain = "`" not in block.content  # the spaces of code stay
            joined[-1] = f"{joined[-1].rstrip()} {text.lstrip()}" if is_plain else f"{joined[-1]} {text}"
    if not RULE.match(joined[0], len(sources[0].rstrip()) - len(texts[0].rstrip())):
        lines[start : start + len(texts)] = joined
