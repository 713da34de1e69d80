"""HTML of another site as a tree of the elements that the sanitizer allows, and its comparison with another tree."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3
from markdown_it.common.normalize_url import normalizeLink

from madang.core.markdown.sanitizer import ATTRIBUTES, INLINE, LISTS, MORE_INLINE, SECTIONS, TABLES
from madang.core.text import CONTROLS, normalized, well_formed

VOID = {"br", "hr", "img", "input"}
BLOCKS = SECTIONS | LISTS | TABLES | {"h1", "h2"}
HEADINGS = {f"h{level}" for level in range(1, 7)}
# Former names of elements, and those that Markdown writes alike.
SAME = {"b": "strong", "i": "em", "s": "del", "strike": "del", "tt": "code"} | dict.fromkeys(HEADINGS, "heading")
FORMER = {"strike": "s", "tt": "code"}
COMPARED = {"href", "title", "src", "alt", "width", "height", "start", "value", "colspan", "rowspan", "checked"}
SPACES = re.compile(r"[ \t\n\r\f]+")
CLEANER = nh3.Cleaner(
    tags=SECTIONS | LISTS | TABLES | INLINE | MORE_INLINE | {"h1", "h2", *FORMER},
    clean_content_tags={"script", "style", "iframe", "object", "noscript", "template", "svg", "math"},
    attributes=ATTRIBUTES | {"a": {"href", "title"}, "li": {"value"}, "code": {"class"}, "pre": {"class"}},
    set_tag_attribute_values={"input": {"type": "checkbox", "disabled": ""}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


@dataclass(slots=True)
class Element:
    """An element with its attributes and its children, which are elements and texts."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)


Node = Element | str
Event = tuple[str, str, frozenset[tuple[str, str]]]  # "open", "close" or "text"; the name or words; attributes


class TreeBuilder(HTMLParser):
    """Builds a tree from well-formed HTML, as the sanitizer prints it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.open = [self.root]
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(FORMER.get(tag, tag), {name: clean_text(value or "") for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)
            self.depth = max(self.depth, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        siblings = self.open[-1].children
        before = siblings.pop() if siblings and isinstance(siblings[-1], str) else ""
        siblings.append(clean_text(f"{before}{data}"))


def parse(markup: str) -> tuple[Element, int]:
    """The tree of well-formed HTML, and the depth to which it is nested."""
    builder = TreeBuilder()
    builder.feed(markup)
    builder.close()
    return builder.root, builder.depth


def clean_text(text: str) -> str:
    """The characters of a text as `clean_body` stores them."""
    if text.isascii():
        return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = well_formed(text).replace("\r\n", "\n").replace("\r", "\n")
    return normalized(CONTROLS.sub("", text))


def is_block(node: Node) -> bool:
    """Whether a node is a block or contains one."""
    return isinstance(node, Element) and (node.tag in BLOCKS or any(map(is_block, node.children)))


def is_blank(node: Node) -> bool:
    return isinstance(node, str) and not SPACES.sub("", node)


def groups(nodes: Iterable[Node]) -> Iterator[Element]:
    """The blocks among `nodes`; what stands between them as an element without a name."""
    run: list[Node] = []
    for node in (*nodes, None):
        if node is not None and not is_block(node):
            run.append(node)
            continue
        if not all(map(is_blank, run)):
            yield Element("", {}, run)
        run = []
        if isinstance(node, Element):
            yield node


def paragraphs(nodes: Iterable[Node]) -> list[Element]:
    """The blocks among `nodes`, with what stands between them as paragraphs; without empty paragraphs."""
    blocks = (Element("p", {}, block.children) if not block.tag else block for block in groups(nodes))
    return [block for block in blocks if block.tag != "p" or not all(map(is_blank, block.children))]


def is_table_box(element: Element) -> bool:
    """Whether an element is a box around a table, as this renderer and others draw it."""
    inner = [child for child in element.children if not is_blank(child)]
    return element.tag == "div" and len(inner) == 1 and isinstance(inner[0], Element) and inner[0].tag == "table"


def is_transparent(element: Element) -> bool:
    """Whether an element shows nothing but its children."""
    return (element.tag in ("a", "span") and not COMPARED & element.attributes.keys()) or is_table_box(element)


def same_blocks(one: Iterable[Node], other: Iterable[Node]) -> bool:
    """Whether two trees are the same, except for spaces that a browser does not show and names with one meaning."""
    return list(without_spaces(events(paragraphs(one)))) == list(without_spaces(events(paragraphs(other))))


def events(nodes: Iterable[Node], is_pre: bool = False) -> Iterator[Event]:
    """The openings, closings and texts of a tree in its order."""
    for node in nodes:
        if isinstance(node, str):
            yield ("pre" if is_pre else "text"), node, frozenset()
        elif is_transparent(node):
            yield from events(node.children, is_pre)
        else:
            name = SAME.get(node.tag, node.tag)
            yield "open", name, frozenset(compared_attributes(node))
            children = paragraphs(node.children) if name == "blockquote" else node.children
            yield from events(children, is_pre or name == "pre")
            yield "close", name, frozenset()


def compared_attributes(element: Element) -> Iterator[tuple[str, str]]:
    for name, value in element.attributes.items():
        if name in ("href", "src"):
            yield name, normalizeLink(SPACES.sub(" ", value).strip())
        elif name in COMPARED and (value or name == "checked"):
            yield name, SPACES.sub(" ", value).strip()


def without_spaces(stream: Iterable[Event]) -> Iterator[Event]:
    """The events with texts joined, and without spaces at the edges of blocks and lines."""
    words, kind, after_edge = "", "text", True
    for event in (*stream, ("close", "", frozenset())):
        if event[0] in ("text", "pre"):
            words, kind = words + event[1], event[0]
            continue
        is_edge = event[1] in BLOCKS or event[1] in ("", "br", "heading")
        if kind == "pre":
            shown = words.removesuffix("\n") if event[:2] != ("open", "code") else words
        else:
            shown = SPACES.sub(" ", words)
            shown = shown.lstrip(" ") if after_edge else shown
            shown = shown.rstrip(" ") if is_edge else shown
        if shown:
            yield kind, shown, frozenset()
        yield event
        after_edge = is_edge or (after_edge and not shown)
        words, kind = "", "text"
