"""The allow-list of HTML: what may stand on a page, whoever wrote it.

People may write some HTML into their text, so the renderer's own classes have to be told from theirs. The renderer
writes them with a secret of this process in front (`own("mention")`); the allow-list knows only such names, and the
secret is taken off last. So a body can never carry a class that it wrote by itself.
"""

import html
import re
import secrets

import nh3
from pygments.token import STANDARD_TYPES

from .languages import LANGUAGES

OWN = f"own{secrets.token_hex(8)}-"
HIGHLIGHT_PREFIX = "hl-"
ALIGNMENTS = ("left", "center", "right")

SECTIONS = {"blockquote", "details", "div", "h3", "h4", "h5", "h6", "hr", "p", "pre", "summary"}
LISTS = {"dd", "dl", "dt", "li", "ol", "ul"}
TABLES = {"table", "tbody", "td", "tfoot", "th", "thead", "tr"}
WORDS = {"a", "abbr", "b", "br", "cite", "del", "em", "i", "ins", "mark", "q", "s", "small", "span", "strong", "sub"}
MORE_WORDS = {"code", "img", "input", "kbd", "label", "rp", "rt", "ruby", "samp", "sup", "u", "var"}
ATTRIBUTES = {
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "input": {"checked"},
    "li": {"value"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
CLASSES = {
    "a": {"mention"},
    "code": {f"language-{name}" for name in LANGUAGES},
    "div": {"table-scroll"},
    "li": {"task-list-item"},
    "span": {HIGHLIGHT_PREFIX + name for name in STANDARD_TYPES.values() if name},
    "td": {f"align-{side}" for side in ALIGNMENTS},
    "th": {f"align-{side}" for side in ALIGNMENTS},
    "ul": {"task-list"},
    "ol": {"task-list"},
}
# A region that scrolls must be reachable by keyboard; a box to tick is only shown, never used.
FORCED = {"img": {"loading": "lazy"}, "input": {"type": "checkbox", "disabled": ""}, "pre": {"tabindex": "0"}}


def allow_list(prefix: str) -> nh3.Cleaner:
    """The sanitiser that lets classes through that begin with `prefix`."""
    return nh3.Cleaner(
        tags=SECTIONS | LISTS | TABLES | WORDS | MORE_WORDS,
        clean_content_tags={"script", "style", "iframe", "object", "noscript", "template", "svg", "math"},
        attributes=ATTRIBUTES | {"a": {"href", "title", f"data-{prefix}user"}, "div": {f"{prefix}tabindex"}},
        set_tag_attribute_values=FORCED,
        allowed_classes={tag: {prefix + name for name in names} for tag, names in CLASSES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )


SANITIZER = allow_list(OWN)
TAG = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')
BLOCK_END = re.compile(r"<(?:/(?:p|li|h[1-6]|pre|tr|td|th|dt|dd|blockquote|summary|div)|br|hr)\b")
IMAGE_WITHOUT_ALT = re.compile(r'<img (?!(?:[^>"]|"[^"]*")*alt=")')


def own(name: str) -> str:
    return OWN + name


def sanitize(markup: str) -> str:
    """HTML of the renderer, cleaned; everything outside the allow-list is gone, the text in it stays."""
    clean = SANITIZER.clean(markup)
    clean = clean.replace('<code class="">', "<code>")  # of a language without colours
    return IMAGE_WITHOUT_ALT.sub('<img alt="" ', clean).replace(OWN, "")


def plain_text(markup: str) -> str:
    """The words of sanitised HTML, without tags; blocks stand on lines of their own."""
    lines = html.unescape(TAG.sub("", BLOCK_END.sub("\n\\g<0>", markup))).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def excerpt(markup: str, length: int = 200) -> str:
    """The beginning of sanitised HTML as one plain line of at most `length` characters, cut at a word."""
    text = " ".join(plain_text(markup).split())
    if len(text) <= length:
        return text
    space = text.rfind(" ", length // 2, length)
    return text[: space if space > 0 else length - 1].rstrip() + "…"
