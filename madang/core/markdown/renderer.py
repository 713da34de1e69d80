"""Markdown in, safe HTML out. The one way in which a text of a person becomes part of a page.

CommonMark with tables, strikethrough, task lists, coloured code, links out of bare addresses, and @mentions. Some HTML
may be written by hand (`<kbd>`, `<sub>`, `<details>`...); everything passes the allow-list of `markdown_sanitizer`.
"""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml

from madang.core.text import well_formed

from .bounds import MAX_BODY, JoiningRenderer, bounded_plugin, is_too_heavy, new_env
from .cjk import CjkParserInline
from .highlighting import highlight_plugin
from .links import links_plugin
from .mentions import Mentions, candidates, chosen, mentions_plugin
from .outline import ImageSize, outline_plugin
from .sanitizer import excerpt, plain_text, sanitize

__all__ = [
    "MAX_BODY",
    "RENDERER_VERSION",
    "body_parser",
    "excerpt",
    "mentioned",
    "plain_text",
    "render",
    "render_inline",
]

RENDERER_VERSION = 1
"""Goes up with each change of what is rendered; stored beside the HTML, so that a job can find what is old."""

NOT_IN_COMMENTS = ["heading", "lheading", "hr", "table", "html_block", "html_inline", "image", "reference"]


def render(source: str, *, mentions: Mentions | None = None, image_size: ImageSize | None = None) -> str:
    """Sanitised HTML of a body.

    `mentions` is asked once with every name that the text may mean and answers with those that exist;
    `image_size` answers with the width and height of a picture's address, if known.
    What is longer than MAX_BODY or has too many lines comes back as it is, preformatted.
    """
    return render_with(body_parser(), source, {"mentions": mentions, "image_size": image_size})


def render_inline(source: str, *, mentions: Mentions | None = None) -> str:
    """Sanitised HTML of a comment: paragraphs, lists, code, emphasis and links; a new line stays a new line."""
    return render_with(comment_parser(), source, {"mentions": mentions})


def mentioned(source: str, *, mentions: Mentions | None = None) -> set[str]:
    """The names that a body mentions outside code and links: those that exist, or, unasked, all that may be meant."""
    source = well_formed(source)
    if "@" not in source or is_too_heavy(source):
        return set()
    tokens = body_parser().parse(source, new_env())
    names = candidates(tokens)
    return names if mentions is None else chosen(tokens, mentions(names) & names)


def render_with(parser: MarkdownIt, source: str, settings: dict) -> str:
    source = well_formed(source)
    if is_too_heavy(source):
        return sanitize(f"<pre>{escapeHtml(source)}</pre>")
    return sanitize(parser.render(source, new_env() | settings))


@cache
def body_parser() -> MarkdownIt:
    """The parser of bodies. It keeps no state of a text, so all threads share it."""
    parser = MarkdownIt("commonmark", renderer_cls=JoiningRenderer).enable(["table", "strikethrough"])
    parser.inline = with_rules_of(parser.inline)
    for plugin in (bounded_plugin, links_plugin, mentions_plugin, outline_plugin, highlight_plugin):
        plugin(parser)
    return parser


@cache
def comment_parser() -> MarkdownIt:
    parser = body_parser.__wrapped__().disable(NOT_IN_COMMENTS)
    parser.options["breaks"] = True
    return parser


def with_rules_of(parser_inline) -> CjkParserInline:
    """A CJK-friendly parser with the same rules switched on."""
    mended = CjkParserInline()
    mended.ruler, mended.ruler2 = parser_inline.ruler, parser_inline.ruler2
    return mended
