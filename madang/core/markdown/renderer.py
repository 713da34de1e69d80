"""Render Markdown as safe HTML; every text that a person writes passes through here.

CommonMark with line breaks that stay, tables, strikethrough, task lists, footnotes, highlighted code, autolinks,
@mentions and, where a board uses them, formulas. Some raw HTML is allowed (`<kbd>`, `<sub>`, `<details>`...);
everything passes the allow-list of `sanitizer`.
"""

from collections.abc import Mapping
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.parser_inline import ParserInline

from madang.core.errors import InvalidInput
from madang.core.text import well_formed

from .cjk import CjkParserInline
from .direction import direction_plugin
from .excess import excess_message
from .footnotes import footnotes_plugin
from .formulas import FormulaWriter, as_mathml, formulas_plugin
from .highlighting import highlight_plugin
from .limits import MAX_BODY, Budget, JoiningRenderer, bounded_plugin, is_too_heavy, is_too_large, new_env
from .links import links_plugin
from .mentions import SIGN, Mentions, candidate_names, mentions_plugin, resolve_mentions
from .outline import ImageSize, outline_plugin
from .sanitizer import excerpt, plain_text, sanitize
from .tables import tables_plugin

__all__ = [
    "MAX_BODY",
    "RENDERER_VERSION",
    "as_mathml",
    "body_parser",
    "excerpt",
    "mentioned_names",
    "plain_text",
    "render",
    "render_inline",
]

RENDERER_VERSION = 8
"""Incremented with each change of the output; stored beside the HTML, so that a job can find outdated HTML."""

NOT_IN_COMMENTS = [
    "heading",
    "lheading",
    "hr",
    "table",
    "html_block",
    "html_inline",
    "image",
    "reference",
    "footnote_definition",
]
PLUGINS = (
    bounded_plugin,
    tables_plugin,
    footnotes_plugin,
    links_plugin,
    mentions_plugin,
    outline_plugin,
    direction_plugin,
    formulas_plugin,
    highlight_plugin,
)


def render(
    source: str,
    *,
    mentions: Mentions | None = None,
    image_size: ImageSize | None = None,
    formulas: FormulaWriter | None = None,
    field: str | None = None,
) -> str:
    """Sanitized HTML of a body.

    `mentions` is called once with every possible name in the text and returns those that exist; `image_size` returns
    the width and height of an image's address, or None; `formulas` writes what stands between dollar signs, which else
    is text. What passes a bound stays as it was typed; a source that is
    too long, has too many lines or would become too much HTML is preformatted as a whole. With `field`, the name of
    the form's field, `InvalidInput` is raised instead.
    """
    settings = {"mentions": mentions, "image_size": image_size, "formulas": formulas}
    return render_with(body_parser(), source, settings, field)


def render_inline(
    source: str,
    *,
    mentions: Mentions | None = None,
    formulas: FormulaWriter | None = None,
    field: str | None = None,
) -> str:
    """Sanitized HTML of a comment: paragraphs, lists, code, emphasis and links. Otherwise as `render`."""
    return render_with(comment_parser(), source, {"mentions": mentions, "formulas": formulas}, field)


def mentioned_names(
    source: str, *, mentions: Mentions | None = None, formulas: FormulaWriter | None = None
) -> set[str]:
    """The names that a body mentions outside quotes, code, links and formulas.

    Those that exist, or without `mentions` all possible ones.
    """
    source = well_formed(source)
    if not SIGN.search(source) or is_too_heavy(source):
        return set()
    tokens = body_parser().parse(source, new_env() | {"formulas": formulas})
    names = candidate_names(tokens)
    return names if mentions is None else resolve_mentions(tokens, mentions(names) & names)


def render_with(parser: MarkdownIt, source: str, settings: Mapping[str, object], field: str | None) -> str:
    source = well_formed(source)
    budget = Budget(len(source))
    if is_too_heavy(source):
        budget.excess["lines"] = source.count("\n") + 1
        html = preformatted(source)
    else:
        formulas: list[str] = []  # the MathML that is written
        html = sanitize(parser.render(source, {**new_env(budget), **settings, "mathml": formulas}), formulas)
    if is_too_large(html, source):
        budget.excess["output"] = len(html)
        html = preformatted(source)
    if field and budget.excess:
        raise InvalidInput(excess_message(budget.excess), field=field)
    return html


def preformatted(source: str) -> str:
    return sanitize(f"<pre>{escapeHtml(source)}</pre>")


@cache
def body_parser() -> MarkdownIt:
    """The parser of bodies; stateless, so that all threads share it."""
    parser = MarkdownIt("commonmark", {"breaks": True}, renderer_cls=JoiningRenderer)
    parser.enable(["table", "strikethrough"])
    parser.inline = with_rules_of(parser.inline)
    for plugin in PLUGINS:
        plugin(parser)
    return parser


@cache
def comment_parser() -> MarkdownIt:
    """The parser of comments: without headings, tables, images and raw HTML."""
    return body_parser.__wrapped__().disable(NOT_IN_COMMENTS)


def with_rules_of(other: ParserInline) -> CjkParserInline:
    """A CJK-aware inline parser with the rules of `other`."""
    parser = CjkParserInline()
    parser.ruler, parser.ruler2 = other.ruler, other.ruler2
    return parser
