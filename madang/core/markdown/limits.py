"""Bounds that keep the time of rendering linear in the length of the source, also for hostile sources.

Each bound is far above what people write; beyond it, marks stay in the text as they were typed. `Budget.excess` names
the bounds that an author can keep, and `excess_message` says them.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, emphasis, strikethrough
from markdown_it.rules_inline.entity import entity
from markdown_it.rules_inline.html_inline import html_inline
from markdown_it.rules_inline.image import image
from markdown_it.rules_inline.link import link
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

MAX_BODY = 100_000
MAX_LINES = 8_000
MAX_LEVEL = 17  # a list takes two levels; the parser itself drops all text from level 20
OUTPUT_FACTOR, OUTPUT_ROOM = 20, 2_000
MATHML_FACTOR, MATHML_ROOM = 16, 1_000  # of the output; the rest is for what surrounds the formulas
SKIP_FACTOR, SKIP_ROOM = 1, 2_000  # ordinary texts take one for a hundred characters
MAX_PENDING = 2_000
LOOKBEHIND = 16
NESTING_ENDS = ["paragraph", "reference", "blockquote", "list"]
TAG_START = re.compile(r"<[A-Za-z/!?]")
LINE_BREAK = re.compile(r"<br\b", re.IGNORECASE)
BlockRule = Callable[[StateBlock, int, int, bool], bool]
ENTITY = re.compile(r"&(?:#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)


@dataclass
class Budget:
    """How much of each expensive operation one render, of a source of `length`, may still perform."""

    length: int = MAX_BODY
    brackets: int = 6_000
    containers: int = 8_000  # lists and quotes
    skipped_tokens: int = MAX_BODY
    delimiters: int = 15_000
    reference_characters: int = MAX_BODY
    raw_tags: int = 3_000
    raw_comments: int = 30
    rendered_tags: int = 3_000
    cells: int = 6_000
    missing_cells: int = 100
    quote_lines: int = 60_000
    quote_scanned: int = 0  # the last line that a quote looked at
    refused_until: int = 0  # the line after the last refused table
    mention_links: int = 50
    footnote_references: int = 200
    web_addresses: int = 3_000
    formulas: int = 1_000
    formula_characters: int = 30_000
    mathml_characters: int = OUTPUT_FACTOR * MAX_BODY
    highlighted_characters: int = 24_000
    highlighting_seconds: float = 0.15
    excess: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reference_characters = min(4 * self.length, self.reference_characters)
        self.skipped_tokens = min(SKIP_FACTOR * self.length + SKIP_ROOM, self.skipped_tokens)
        self.mathml_characters = min(MATHML_FACTOR * self.length + MATHML_ROOM, self.mathml_characters)

    def spend(self, resource: str, amount: int = 1) -> bool:
        """Take `amount` from a resource; returns False, and takes nothing, if it does not suffice."""
        left: int = getattr(self, resource) - amount
        if left < 0:
            return False
        setattr(self, resource, left)
        return True


class BoundedReferences(dict):
    """Link definitions with bounded use: a long address, defined once and used 20,000 times, would bloat the page."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self.budget = budget

    def get(self, label, default=None):
        reference = super().get(label, default)
        if reference is None:
            return default
        size = len(reference["href"]) + len(reference["title"])
        return reference if self.budget.spend("reference_characters", size) else default


def new_env(budget: Budget | None = None) -> dict[str, object]:
    """The environment of one render."""
    budget = budget or Budget()
    return {"budget": budget, "references": BoundedReferences(budget)}


def is_too_heavy(source: str) -> bool:
    """Whether a source is too long, or has too many lines, to be parsed."""
    return len(source) > MAX_BODY or source.count("\n") > MAX_LINES


def is_too_large(html: str, source: str) -> bool:
    """Whether the HTML takes far more room than its source."""
    return len(html) > OUTPUT_FACTOR * len(source) + OUTPUT_ROOM


class JoiningRenderer(RendererHTML):
    """Joins the pieces once; appending them one by one is quadratic."""

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        return "".join(self.pieces(tokens, options, env))

    def renderInline(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:  # noqa: N802
        return "".join(self.pieces(tokens, options, env))

    def pieces(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> Iterator[str]:
        for index, token in enumerate(tokens):
            if token.type == "inline":
                yield self.renderInline(token.children or (), options, env)
            else:
                yield self.rules.get(token.type, self.renderToken)(tokens, index, options, env)

    def renderInlineAsText(  # noqa: N802
        self, tokens: Sequence[Token] | None, options: OptionsDict, env: EnvType
    ) -> str:
        """The text of an image's description. markdown-it leaves out escaped characters, entities and code."""
        return "".join(self._text_of(token, options, env) for token in tokens or ())

    def _text_of(self, token: Token, options: OptionsDict, env: EnvType) -> str:
        if token.type == "image":
            return self.renderInlineAsText(token.children, options, env)
        if token.type == "html_inline":
            return "\n" if LINE_BREAK.match(token.content) else ""
        if token.type == "formula":
            return f"{token.markup}{token.content}{token.markup}"  # as it was typed
        return "\n" if token.type in ("softbreak", "hardbreak") else token.content


class BoundedParserInline(ParserInline):
    """Stops searching for the end of a link's text when the budget of brackets or of such steps is spent.

    Each open bracket searches the rest of the text, and twenty may be open at once: in a short text too, each step is
    made again and again.
    """

    def skipToken(self, state: StateInline) -> None:  # noqa: N802
        budget: Budget = state.env["budget"]
        if budget.brackets > 0 and budget.spend("skipped_tokens"):
            super().skipToken(state)
        else:
            state.pos = state.posMax


def bounded_plugin(md: MarkdownIt) -> None:
    """Replace the parser's expensive rules by bounded ones."""
    md.inline.ruler.before("text", "long_text", flush_long_text)
    md.inline.ruler.at("emphasis", bounded_emphasis)
    md.inline.ruler.at("strikethrough", bounded_strikethrough)
    md.inline.ruler.at("html_inline", bounded_html)
    md.inline.ruler.at("entity", bounded_entity)
    md.inline.ruler.at("link", bounded_link)
    md.inline.ruler.at("image", bounded_image)
    md.block.ruler.before("blockquote", "quote_lines", ends_quote, {"alt": ["blockquote"]})
    md.block.ruler.at("blockquote", bounded_nesting(blockquote), {"alt": NESTING_ENDS})
    md.block.ruler.at("list", bounded_nesting(list_block), {"alt": NESTING_ENDS[:-1]})
    md.core.ruler.after("inline", "bounded_html", bound_raw_html)


def bounded_nesting(rule: BlockRule) -> BlockRule:
    """The rule of quotes or of lists; beyond MAX_LEVEL, or of too many in all, their marks stay text."""

    def bounded(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        budget: Budget = state.env["budget"]
        if state.level <= MAX_LEVEL and budget.containers:
            is_container = rule(state, start_line, end_line, silent)
            if is_container and not silent:
                budget.spend("containers")
            return is_container
        if rule(state, start_line, end_line, True):
            budget.excess["level"] = state.level
        return False

    return bounded


def ends_quote(state: StateBlock, line: int, _end_line: int, silent: bool) -> bool:
    """Whether a quote ends before a line without its mark, since quotes have looked at too many of those.

    The parser collects all lines that may continue a quote, and begins again where its text ended, for each quote.
    """
    budget: Budget = state.env["budget"]
    if not silent or state.parentType != "blockquote":
        return False
    seen = budget.quote_scanned
    budget.quote_scanned = line
    if budget.spend("quote_lines", line - (seen if state.line < seen < line else state.line)):
        return False
    budget.excess["quote_lines"] = state.lineMax
    return True


def flush_long_text(state: StateInline, silent: bool) -> bool:
    """Flush pending text that has grown long: the parser copies it with each addition.

    Its end stays, for the rules that look behind: spaces before a new line, `https` before a colon.
    """
    if not silent and len(state.pending) > MAX_PENDING:
        state.pending, end = state.pending[:-LOOKBEHIND], state.pending[-LOOKBEHIND:]
        state.pushPending()
        state.pending = end
    return False


def bounded_emphasis(state: StateInline, silent: bool) -> bool:
    return state.env["budget"].delimiters > 0 and emphasis.tokenize(state, silent)


def bounded_strikethrough(state: StateInline, silent: bool) -> bool:
    return state.env["budget"].delimiters > 0 and strikethrough.tokenize(state, silent)


def bounded_html(state: StateInline, silent: bool) -> bool:
    if not TAG_START.match(state.src, state.pos):
        return False
    resource = "raw_comments" if state.src[state.pos + 1] in "!?" else "raw_tags"
    return state.env["budget"].spend(resource) and html_inline(state, silent)


def bounded_entity(state: StateInline, silent: bool) -> bool:
    """Match first: the library's rule copies the rest of the text."""
    return bool(ENTITY.match(state.src, state.pos)) and entity(state, silent)


def bounded_link(state: StateInline, silent: bool) -> bool:
    return state.src[state.pos] == "[" and may_close(state) and link(state, silent)


def bounded_image(state: StateInline, silent: bool) -> bool:
    return state.src.startswith("![", state.pos) and may_close(state) and image(state, silent)


def may_close(state: StateInline) -> bool:
    """Whether a search for the end of the brackets that open here is allowed and can succeed."""
    return state.env["budget"].spend("brackets") and state.src.find("]", state.pos, state.posMax) > 0


def bound_raw_html(state: StateCore) -> None:
    """Turn raw HTML into text where there is too much: browsers and the sanitizer are slow on deep trees."""
    tokens = [token for block in state.tokens for token in [block, *(block.children or ())]]
    raw = [token for token in tokens if token.type in ("html_inline", "html_block")]
    if not state.env["budget"].spend("rendered_tags", sum(token.content.count("<") for token in raw)):
        for token in raw:
            token.type = "text"
