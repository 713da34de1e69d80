"""Colours for fenced code: Pygments decides what a word is, CSS classes (`hl-k`, `hl-s`) say it, CSS paints."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from time import thread_time

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml, unescapeAll
from markdown_it.token import Token
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES

from .languages import LANGUAGES
from .sanitizer import HIGHLIGHT_PREFIX, own

MAX_CODE, MAX_CODE_LINES, MAX_LINE = 8_000, 600, 400


def highlight_plugin(md: MarkdownIt) -> None:
    md.add_render_rule("fence", render_fence)


def render_fence(renderer, tokens: Sequence[Token], index: int, options, env: dict) -> str:
    token = tokens[index]
    language = language_of(token)
    attribute = f' class="{escapeHtml(own("language-" + language))}"' if language else ""
    return f"<pre><code{attribute}>{coloured(token.content, language, env['budget'])}</code></pre>\n"


def language_of(token: Token) -> str:
    return (unescapeAll(token.info).split(maxsplit=1) or [""])[0]


def coloured(code: str, language: str, budget) -> str:
    """`code` as HTML; plain where the language is unknown or there is too much to colour in time."""
    lexer = LANGUAGES.get(language.lower())
    if lexer is None or is_too_slow(code) or not budget.spend("coloured_characters", len(code)):
        return escapeHtml(code)
    tokens = list(in_time(get_lexer_by_name(lexer, stripnl=False, ensurenl=False).get_tokens(code), budget))
    is_whole = sum(len(text) for _, text in tokens) == len(code)
    return "".join(spans((css_class(kind), text) for kind, text in tokens)) if is_whole else escapeHtml(code)


def in_time(tokens: Iterable, budget) -> Iterator:
    """`tokens` until the allowance of processor time for colours is used up."""
    started = thread_time()
    for token in tokens:
        if thread_time() - started > budget.colouring_seconds:
            break
        yield token
    budget.colouring_seconds -= thread_time() - started


def is_too_slow(code: str) -> bool:
    """Some lexers take time by the square of a line's length or of the lines, in one step that no clock can stop."""
    lines = code.splitlines()
    return len(code) > MAX_CODE or len(lines) > MAX_CODE_LINES or max(map(len, lines), default=0) > MAX_LINE


def spans(pieces: Iterable[tuple[str, str]]) -> Iterable[str]:
    for name, run in groupby(pieces, itemgetter(0)):
        text = escapeHtml("".join(text for _, text in run))
        yield f'<span class="{own(HIGHLIGHT_PREFIX + name)}">{text}</span>' if name and not text.isspace() else text


def css_class(kind) -> str:
    """The short class of Pygments' own style sheets; a kind of a lexer's own takes its parent's."""
    while kind not in STANDARD_TYPES:
        kind = kind.parent
    name = STANDARD_TYPES[kind]
    return "" if name in ("w", "err") else name
