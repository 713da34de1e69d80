"""Escape words of another site so that none of them means anything in Markdown."""

import re
from dataclasses import dataclass, replace
from html import escape
from unicodedata import combining

from madang.core.markdown.formulas import ESCAPED_OR_FORMULA

from .html_tree import SPACES, Element

# Each alternative begins with its character, without which the search is several times slower.
BARE_ADDRESS = r":(?=//)(?:(?<=[hH][tT][tT][pP]:)|(?<=[hH][tT][tT][pP][sS]:))|\.(?<=[wW][wW][wW]\.)"
UNDERSCORE = r"_(?:(?<![A-Za-z0-9]_)|(?![A-Za-z0-9]))"
MENTION, ENTITY, STRIKE = r"@(?=[\w-])", r"&(?=#?\w+;)", r"~(?:(?=~)|(?<=~~))"
SPECIAL = re.compile(rf"[\\`*\[<]|{UNDERSCORE}|{STRIKE}|{ENTITY}|{MENTION}|{BARE_ADDRESS}|!$")
DOLLAR, ANY_DOLLAR = re.compile(r"\$(?!\d)"), re.compile(r"\$")  # a single sum of money is no formula
# A list, a heading, a quote, an underline of a heading or of a table's head.
LINE_START = re.compile(r"[-+](?=\s|$)|#{1,6}(?=\s|$)|>|=+\s*$|[-:|\s]+$")
NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
CELL_BAR = {True: r"\|", False: "|"}  # a bar in the cell of a table, and elsewhere
TRAILING_HASHES = re.compile(r"#+$")
# White space that Markdown would trim or collapse but HTML shows, and a sign of mentions that no backslash escapes.
UNUSUAL = re.compile(r"[^\S \n]|＠|\t")


@dataclass(frozen=True, slots=True)
class Style:
    """How inline content is written."""

    as_tags: bool = False  # emphasis, code and links as HTML: where their marks would be read in another way
    in_link: bool = False
    in_cell: bool = False
    uses_math: bool = False  # formulas stay as they are

    def inside(self, element: Element) -> "Style":
        return replace(self, in_link=True) if element.tag == "a" else self


def escape_text(text: str, style: Style) -> str:
    """The words on one line, with a backslash before each character that would be a mark."""
    if style.uses_math and "$" in text:
        return escape_around_formulas(SPACES.sub(" ", text), style)
    words = SPECIAL.sub(r"\\\g<0>", SPACES.sub(" ", text))
    if not words.isascii():
        words = encode_unusual(words)
    if style.in_link:
        words = words.replace("]", r"\]")
    if style.in_cell:
        words = words.replace("|", r"\|")
    if "$" in words:
        words = (DOLLAR if text.count("$") == 1 else ANY_DOLLAR).sub(r"\$", words)
    return words


def escape_around_formulas(text: str, style: Style) -> str:
    """As `escape_text`, without formulas that Markdown can have where they stand."""
    pieces, done, plain = [], 0, replace(style, uses_math=False)
    for found in ESCAPED_OR_FORMULA.finditer(text):
        formula = found[0]
        if found.lastgroup and encode_unusual(formula) == formula and not (style.in_link and "]" in formula):
            pieces += [escape_text(text[done : found.start()], plain), formula.replace("|", CELL_BAR[style.in_cell])]
            done = found.end()
    return "".join([*pieces, escape_text(text[done:], plain)])


def encode_unusual(words: str) -> str:
    """The words with references for what Markdown or normalisation would change."""
    words = UNUSUAL.sub(lambda found: as_entity(found[0]), words)
    return as_entity(words[0]) + words[1:] if words and combining(words[0]) else words


def as_entity(character: str) -> str:
    return f"&#{ord(character)};"


def escape_line(line: str) -> str:
    """A line whose first characters begin no block."""
    if LINE_START.match(line):
        return f"\\{line}"
    return NUMBERED.sub(r"\1\\\2", line, count=1) if NUMBERED.match(line) else line


def escape_heading(line: str) -> str:
    """A heading's line, whose last number signs stay."""
    return TRAILING_HASHES.sub(r"\\\g<0>", line)


def as_html(text: str, *, is_pre: bool = False) -> str:
    """A text for raw HTML, on one line."""
    text = text if is_pre else SPACES.sub(" ", text)
    return encode_unusual(escape(text, quote=False)).replace("\n", "&#10;") if text else ""


def opening_tag(element: Element, style: Style | None = None) -> str:
    """An element's opening tag on one line."""
    attributes = "".join(
        f' {name}="{escape(value).replace(chr(10), "&#10;")}"'
        for name, value in element.attributes.items()
        if name != "class"
    )
    return f"<{element.tag}{attributes}>".replace("|", "&#124;" if style and style.in_cell else "|")
