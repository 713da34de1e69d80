"""Syntax highlighting of fenced code: Pygments' tokens become spans with CSS classes (`hl-k`, `hl-s`)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from time import thread_time

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml, unescapeAll
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES

from .languages import LANGUAGES
from .limits import Budget
from .sanitizer import HIGHLIGHT_PREFIX, TRUSTED_PREFIX, trusted

MAX_CODE, MAX_CODE_LINES, MAX_LINE = 8_000, 600, 400
MAX_GROWTH = 15  # how much longer than the code its HTML may be


def highlight_plugin(md: MarkdownIt) -> None:
    """Render fences with highlighting."""
    md.add_render_rule("fence", render_fence)


def render_fence(
    _renderer: RendererProtocol, tokens: Sequence[Token], index: int, _options: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    language = language_of(token)
    attribute = f' class="{escapeHtml(trusted("language-" + language))}"' if language else ""
    return f"<pre><code{attribute}>{highlight(token.content, language, env['budget'])}</code></pre>\n"


def language_of(token: Token) -> str:
    return (unescapeAll(token.info).split(maxsplit=1) or [""])[0]


def highlight(code: str, language: str, budget: Budget) -> str:
    """`code` as HTML; plain if the language is unknown or the code too long to highlight in time."""
    lexer = LANGUAGES.get(language.lower())
    if lexer is None or is_too_slow(code) or not budget.spend("highlighted_characters", len(code)):
        return escapeHtml(code)
    tokens = list(within_time(get_lexer_by_name(lexer, stripnl=False, ensurenl=False).get_tokens(code), budget))
    is_whole = sum(len(text) for _, text in tokens) == len(code)
    markup = "".join(spans((css_class(kind), text) for kind, text in tokens)) if is_whole else ""
    is_short = len(markup.replace(TRUSTED_PREFIX, "")) <= MAX_GROWTH * len(code) + 500
    return markup if is_whole and is_short else escapeHtml(code)


def within_time(tokens: Iterable, budget: Budget) -> Iterator:
    """`tokens` until the budget of processor time for highlighting is spent."""
    started = thread_time()
    for token in tokens:
        if thread_time() - started > budget.highlighting_seconds:
            break
        yield token
    budget.highlighting_seconds -= thread_time() - started


def is_too_slow(code: str) -> bool:
    """Whether a quadratic lexer could take too long: its steps cannot be interrupted."""
    lines = code.splitlines()
    return len(code) > MAX_CODE or len(lines) > MAX_CODE_LINES or max(map(len, lines), default=0) > MAX_LINE


def spans(pieces: Iterable[tuple[str, str]]) -> Iterator[str]:
    """HTML of pieces of (class, text); neighbours of the same class share a span."""
    for name, run in groupby(pieces, itemgetter(0)):
        text = escapeHtml("".join(text for _, text in run))
        yield f'<span class="{trusted(HIGHLIGHT_PREFIX + name)}">{text}</span>' if name and not text.isspace() else text


def css_class(kind) -> str:
    """The short class of Pygments' style sheets; a lexer's own token type has that of its parent."""
    while kind not in STANDARD_TYPES:
        kind = kind.parent
    name = STANDARD_TYPES[kind]
    return "" if name in ("w", "err") else name
