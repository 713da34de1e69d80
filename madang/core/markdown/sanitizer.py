"""Sanitize HTML by an allow-list.

People may write some HTML into their text, so the renderer's classes must be distinguished from theirs. The renderer
prefixes them with a secret of this process (`trusted("mention")`); the allow-list accepts only such names, and the
prefix is removed last. So a body cannot set a class by itself.
"""

import html
import re
import secrets
from collections.abc import Callable, Sequence

import nh3
from pygments.token import STANDARD_TYPES

from .languages import LANGUAGES

TRUSTED_PREFIX = f"own{secrets.token_hex(8)}-"
HIGHLIGHT_PREFIX = "hl-"
ALIGNMENTS = ("left", "center", "right")

SECTIONS = {"blockquote", "details", "div", "h3", "h4", "h5", "h6", "hr", "p", "pre", "summary"}
LISTS = {"dd", "dl", "dt", "li", "ol", "ul"}
TABLES = {"table", "tbody", "td", "tfoot", "th", "thead", "tr"}
INLINE = {"a", "abbr", "b", "br", "cite", "del", "em", "i", "ins", "mark", "q", "s", "small", "span", "strong", "sub"}
MORE_INLINE = {"code", "img", "input", "kbd", "label", "rp", "rt", "ruby", "samp", "sup", "u", "var"}
ATTRIBUTES = {
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "input": {"checked"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
CLASSES = {
    "a": {"mention"},
    "code": {f"language-{name}" for name in LANGUAGES},
    "div": {"table-scroll"},
    "li": {"task-list-item"},
    "span": {"formula-scroll", *(HIGHLIGHT_PREFIX + name for name in STANDARD_TYPES.values() if name)},
    "td": {f"align-{side}" for side in ALIGNMENTS},
    "th": {f"align-{side}" for side in ALIGNMENTS},
    "ul": {"task-list"},
    "ol": {"task-list", "footnotes"},
}
# A region that scrolls must be focusable by keyboard; checkboxes are disabled.
FORCED = {"img": {"loading": "lazy"}, "input": {"type": "checkbox", "disabled": ""}, "pre": {"tabindex": "0"}}


def own_attributes(prefix: str) -> dict[str, set[str]]:
    """The attributes of tags that the renderer may give some that a body may not."""
    return {
        "a": {"href", "title", f"data-{prefix}user", f"{prefix}id"},
        "div": {f"{prefix}tabindex"},
        "li": {"value", f"{prefix}id", f"{prefix}dir"},
        "span": {f"{prefix}tabindex", f"{prefix}formula"},
        **{tag: ATTRIBUTES.get(tag, set()) | {f"{prefix}dir"} for tag in ("p", "h3", "h4", "h5", "h6", "td", "th")},
    }


def allow_list(prefix: str) -> nh3.Cleaner:
    """A sanitizer that keeps only classes that begin with `prefix`."""
    return nh3.Cleaner(
        tags=SECTIONS | LISTS | TABLES | INLINE | MORE_INLINE,
        clean_content_tags={"script", "style", "iframe", "object", "noscript", "template", "svg", "math"},
        attributes=ATTRIBUTES | own_attributes(prefix),
        set_tag_attribute_values=FORCED,
        allowed_classes={tag: {prefix + name for name in names} for tag, names in CLASSES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )


SANITIZER = allow_list(TRUSTED_PREFIX)
TAG = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')
BLOCK_END = re.compile(r"<(?:/(?:p|li|h[1-6]|pre|tr|td|th|dt|dd|blockquote|summary|div)|br|hr)\b")
MATH = re.compile(r'<math((?: [a-z]+="[^"]*")*)>.*?</math>', re.DOTALL)
ALTTEXT = re.compile(r' alttext="([^"]*)"')
FORMULA_MARK = re.compile(rf'(\(?)<span {TRUSTED_PREFIX}formula="([0-9]+)"></span>([.,;:!?)]{{0,3}})')
IMAGE_WITHOUT_ALT = re.compile(r'<img (?!(?:[^>"]|"[^"]*")*alt=")')


def trusted(name: str) -> str:
    """A class or attribute name that the allow-list accepts from the renderer."""
    return TRUSTED_PREFIX + name


def sanitize(markup: str, formulas: Sequence[str] = ()) -> str:
    """Sanitize the renderer's HTML: tags and attributes outside the allow-list are removed, their text stays.

    `formulas` are the MathML, sanitized already, for the renderer's marks; the `<math>` of a body is removed.
    """
    clean = SANITIZER.clean(markup)
    clean = clean.replace('<code class="">', "<code>")  # of a language that is not highlighted
    clean = IMAGE_WITHOUT_ALT.sub('<img alt="" ', clean)
    if formulas:
        clean = FORMULA_MARK.sub(lambda found: _kept_together(found, formulas[int(found[2])]), clean)
    return clean.replace(TRUSTED_PREFIX, "")


def _kept_together(found: re.Match[str], formula: str) -> str:
    """A formula with the brackets and punctuation next to it, from which a line would break."""
    before, _number, after = found.groups()
    return f'<span class="formula">{before}{formula}{after}</span>' if before or after else formula


def with_formulas_as(write: Callable[[str], str], markup: str) -> str:
    """Sanitized HTML with each formula as `write` returns it for its TeX, as HTML between its dollar signs."""
    return MATH.sub(lambda found: write(_source_of(found[1])), markup) if "<math" in markup else markup


def _source_of(attributes: str) -> str:
    """The TeX of a formula, between its dollar signs, as HTML."""
    tex = ALTTEXT.search(attributes)
    sign = "$$" if ' display="block"' in attributes.partition(" alttext=")[0] else "$"
    return html.escape(html.unescape(f"{sign}{tex[1] if tex else ''}{sign}"), quote=False)


def plain_text(markup: str) -> str:
    """The text of sanitized HTML, without tags, and formulas as TeX; each block on its own lines."""
    markup = with_formulas_as(str, markup)
    lines = html.unescape(TAG.sub("", BLOCK_END.sub("\n\\g<0>", markup))).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def beginning(markup: str, length: int) -> str:
    """At most `length` characters of sanitized HTML, cut outside of a tag; its elements may stay open."""
    cut = markup[:length]
    return cut[: cut.rfind("<")] if cut.rfind("<") > cut.rfind(">") else cut


def excerpt(markup: str, length: int = 200) -> str:
    """The beginning of sanitized HTML as one line of at most `length` characters, cut at a word."""
    text = " ".join(plain_text(markup).split())
    if len(text) <= length:
        return text
    space = text.rfind(" ", length // 2, length)
    return text[: space if space > 0 else length - 1].rstrip() + "…"
