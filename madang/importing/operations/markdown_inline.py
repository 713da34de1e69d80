"""Inline content of another site's HTML as Markdown."""

import re
from collections.abc import Iterable

from .escaping import Style, as_entity, escape_text, opening_tag
from .html_tree import SPACES, VOID, Element, Node

MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~"}
AUTOLINK = re.compile(r"https?://[!-;=?-Z^_a-z~]+")  # without signs that a browser would encode
BACKTICKS = re.compile("`+")
BREAK = "\n"


def write_line(nodes: Iterable[Node], style: Style) -> str:
    """Inline content on one line; line breaks are tags."""
    return join_lines(write_inline(nodes, style).split(BREAK), "<br>")


def write_lines(nodes: Iterable[Node], style: Style) -> list[str]:
    """Inline content as lines; a break that Markdown could not write is a tag in its line."""
    lines = [""]
    for line in write_inline(nodes, style).split(BREAK):
        line = line.strip(" ")
        if lines[-1] and line and not lines[-1].endswith("<br>"):
            lines.append(line)
        else:
            lines[-1] += f"<br>{line}"
    lines[0] = lines[0].removeprefix("<br>")
    return lines


def join_lines(lines: list[str], mark: str) -> str:
    return mark.join(line.strip(" ") for line in lines)


def write_inline(nodes: Iterable[Node], style: Style, parent: str = "") -> str:
    return "".join(
        escape_text(node, style) if isinstance(node, str) else write_element(node, style, parent) for node in nodes
    )


def write_element(element: Element, style: Style, parent: str) -> str:
    tag = element.tag
    if tag == "br":
        return BREAK
    if tag in ("a", "span") and not element.attributes:
        return write_inline(element.children, style, parent)
    if not style.as_tags:
        written = write_marked(element, style, parent)
        if written is not None:
            return written
    if tag in VOID:
        return opening_tag(element, style)
    inner = write_inline(element.children, style.inside(element), tag)
    return f"{opening_tag(element, style)}{inner}</{tag}>"


def write_marked(element: Element, style: Style, parent: str) -> str | None:
    """An element as Markdown; None if only a tag can write it."""
    tag = element.tag
    if tag in MARKS:
        inner = write_inline(element.children, style, tag)
        mark = "_" if MARKS[tag] == "*" and MARKS.get(parent) == "**" else MARKS[tag]
        return f"{mark}{inner}{mark}" if inner and inner == inner.strip() else None
    if tag == "code":
        return write_code(element, style)
    if tag == "a" and "href" in element.attributes:
        return write_link(element, style)
    return write_picture(element, style) if tag == "img" and "src" in element.attributes else None


def write_picture(element: Element, style: Style) -> str | None:
    """A picture; None if it has a size, or an alternative text with marks, which the renderer drops there."""
    alt = SPACES.sub(" ", element.attributes.get("alt", ""))
    if {"width", "height"} & element.attributes.keys() or alt != escape_text(alt, Style(in_link=True, in_cell=True)):
        return None
    return f"![{alt}]{target(element, 'src', style)}"


def write_code(element: Element, style: Style) -> str | None:
    code = text_of(element)
    if not code:
        return None
    code = code.replace("\n", " ")
    longest = max((len(run) for run in BACKTICKS.findall(code)), default=0)
    fence = "`" * (longest + 1)
    is_padded = code[0] == "`" or code[-1] == "`" or (code[0] == code[-1] == " " and bool(code.strip(" ")))
    code = f" {code} " if is_padded else code
    return f"{fence}{code}{fence}".replace("|", r"\|" if style.in_cell else "|")


def text_of(element: Element) -> str | None:
    """The text of an element that contains nothing else; None for another."""
    texts = [child for child in element.children if isinstance(child, str)]
    return "".join(texts) if len(texts) == len(element.children) else None


def write_link(element: Element, style: Style) -> str:
    href, text = element.attributes["href"], text_of(element)
    if text == href and AUTOLINK.fullmatch(text) and "title" not in element.attributes and not style.in_cell:
        return f"<{text}>"
    inner = write_inline(element.children, style.inside(element), "a")
    return f"[{inner}]{target(element, 'href', style)}"


def target(element: Element, name: str, style: Style) -> str:
    """The address and the title of a link or picture in brackets."""
    address = SPACES.sub(" ", element.attributes[name]).strip()
    address = re.sub(r'[ <>|"`\\]', lambda found: f"%{ord(found[0]):02X}", address) if address else ""
    address = re.sub(r"&(?=#?\w+;)", "&amp;", address)
    address = re.sub(r"[()]", r"\\\g<0>", address)
    title = element.attributes.get("title", "")
    if title:
        title = re.sub(r'[\\"&]', lambda found: as_entity(found[0]), SPACES.sub(" ", title))
        title = f' "{title}"'.replace("|", "&#124;" if style.in_cell else "|")
    return f"({address}{title})"
