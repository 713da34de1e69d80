"""Join lines of Markdown from sites where a single line break is only a space, as on Stack Exchange."""

import re

from markdown_it.token import Token

from .limits import is_too_heavy, new_env
from .renderer import body_parser

# An odd number of backslashes, or two spaces, of which a backslash would take the first.
HARD_BREAK = re.compile(r"(?:^|[^\\])(?:\\\\)*(?:\\|  )$|   $")
RULE = re.compile(r"[-*_\s]+$")  # what would become a horizontal rule
SOFT_BREAK = re.compile(r"\S[^\S\n]*\n[^\S\n]*\S")


def join_soft_breaks(source: str) -> str:
    """The source with each soft line break replaced by a space; hard breaks, code and other blocks stay."""
    if not SOFT_BREAK.search(source) or is_too_heavy(source):
        return source
    lines = source.split("\n")
    blocks = [token for token in body_parser().parse(source, new_env()) if token.type == "inline" and token.map]
    for block in reversed(blocks):
        join_lines(lines, block)
    return "\n".join(lines)


def join_lines(lines: list[str], block: Token) -> None:
    """Join the lines of one paragraph or heading in place, if its source is what the parser made of it."""
    start = block.map[0] if block.map else 0
    texts = block.content.split("\n")
    sources = lines[start : start + len(texts)]
    pairs = zip(sources, texts, strict=False)
    if len(texts) == 1 or not all(source.rstrip().endswith(text.rstrip()) for source, text in pairs):
        return
    joined = sources[:1]
    for source, text in zip(sources[1:], texts[1:], strict=False):
        if HARD_BREAK.search(joined[-1]):
            joined.append(source)
        else:
            is_plain = "`" not in block.content  # the spaces of code stay
            joined[-1] = f"{joined[-1].rstrip()} {text.lstrip()}" if is_plain else f"{joined[-1]} {text}"
    if not RULE.match(joined[0], len(sources[0].rstrip()) - len(texts[0].rstrip())):
        lines[start : start + len(texts)] = joined
