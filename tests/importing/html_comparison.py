"""The tree of an HTML text by html5lib, to compare what a page shows of two texts."""

import re
from unicodedata import normalize
from xml.etree.ElementTree import Element

import html5lib
from markdown_it.common.normalize_url import normalizeLink

from madang.core.markdown.renderer import render
from madang.core.markdown.sanitizer import sanitize
from madang.importing.operations.conversion import html_to_markdown

BLOCKS = {
    *("blockquote", "details", "div", "p", "pre", "summary", "dd", "dl", "dt", "li", "ol", "ul"),
    *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "hr", "h"),
}
SAME = {"b": "strong", "i": "em", "s": "del", "strike": "del", "tt": "code"} | {f"h{level}": "h" for level in range(7)}
ATTRIBUTES = {"href", "title", "src", "alt", "width", "height", "start", "value", "colspan", "rowspan", "checked"}
SPACES = re.compile(r"[ \t\n\r\f]+")
Tree = str | tuple[str, tuple[tuple[str, str], ...], list["Tree"]]


def differences(html: str) -> tuple[list[Tree], list[Tree], str]:
    """The tree of sanitised HTML, that of its conversion, and the Markdown: the trees should be equal."""
    # The sanitizer has no first and second heading, since the page has them; the renderer writes the third.
    allowed = re.sub(r"<(/?)h[12]\b", r"<\1h3", html)
    allowed = re.sub(r"<(/?)strike\b", r"<\1s", re.sub(r"<(/?)tt\b", r"<\1code", allowed))
    source = html_to_markdown(html)
    return shown(sanitize(allowed)), shown(render(source, mentions=lambda names: names)), source


def shown(markup: str) -> list[Tree]:
    body = html5lib.parse(markup, namespaceHTMLElements=False).find("body")
    return trimmed(paragraphs(list(trees(body, is_pre=False))))


def trees(parent: Element, *, is_pre: bool) -> list[Tree]:
    """The texts and elements in an element; texts are joined across elements that show only their children."""
    result: list[Tree] = []
    add(result, parent.text or "", is_pre=is_pre)
    for child in parent:
        add_element(result, child, is_pre=is_pre)
        add(result, child.tail or "", is_pre=is_pre)
    return result


def add(result: list[Tree], text: str, *, is_pre: bool = True) -> None:
    text = normalize("NFC", text if is_pre else SPACES.sub(" ", text))
    if text and result and isinstance(result[-1], str):
        result[-1] += text
    elif text:
        result.append(text)


def add_element(result: list[Tree], element: Element, *, is_pre: bool) -> None:
    inner = trees(element, is_pre=is_pre or element.tag == "pre")
    name, attributes = SAME.get(element.tag, element.tag), attributes_of(element)
    is_table_box = name == "div" and [each[0] for each in inner if each != " "] == ["table"]
    if is_table_box or (name in ("a", "span") and not attributes):
        for each in inner:
            if isinstance(each, str):
                add(result, each)
            else:
                result.append(each)
        return
    if name == "blockquote":
        inner = paragraphs(inner)
    if name == "pre" and inner and not isinstance(inner[-1], str) and inner[-1][0] == "code":
        without_last_newline(inner[-1][2])
    result.append((name, attributes, inner))


def without_last_newline(inner: list[Tree]) -> None:
    if inner and isinstance(inner[-1], str):
        inner[-1] = inner[-1].removesuffix("\n")
        inner[:] = [each for each in inner if each]


def attributes_of(element: Element) -> tuple[tuple[str, str], ...]:
    attributes = ((name, str(value)) for name, value in element.attrib.items() if name in ATTRIBUTES)
    values = {name: normalize("NFC", SPACES.sub(" ", value).strip(" ")) for name, value in attributes}
    values = {name: normalizeLink(value) if name in ("href", "src") else value for name, value in values.items()}
    return tuple(sorted((name, value) for name, value in values.items() if value or name == "checked"))


def is_block(tree: Tree) -> bool:
    return not isinstance(tree, str) and (tree[0] in BLOCKS or any(map(is_block, tree[2])))


def paragraphs(inner: list[Tree]) -> list[Tree]:
    """Blocks, with what stands between them as paragraphs, and without empty ones."""
    blocks: list[Tree] = []
    run: list[Tree] = []
    for tree in [*inner, None]:
        if tree is not None and not is_block(tree):
            run.append(tree)
            continue
        if any(each != " " for each in run):
            blocks.append(("p", (), run))
        run = []
        if tree is not None and not (tree[0] == "p" and all(each == " " for each in tree[2])):
            blocks.append(tree)
    return blocks


def trimmed(inner: list[Tree]) -> list[Tree]:
    """The trees without spaces at the edges of blocks and lines."""
    result: list[Tree] = []
    for position, tree in enumerate(inner):
        if isinstance(tree, str):
            before = inner[position - 1] if position else None
            after = inner[position + 1] if position + 1 < len(inner) else None
            text = tree.lstrip(" ") if position == 0 or is_edge(before) else tree
            text = text.rstrip(" ") if after is None or is_edge(after) else text
            if text:
                result.append(text)
        elif tree[0] == "pre":
            result.append(tree)
        else:
            result.append((tree[0], tree[1], trimmed(tree[2]) if is_block(tree) else trimmed_inside(tree[2])))
    return result


def trimmed_inside(inner: list[Tree]) -> list[Tree]:
    """The trees of an inline element without spaces beside line breaks."""
    return trimmed(["\u2060", *inner, "\u2060"])[1:-1] if inner else []


def is_edge(tree: Tree | None) -> bool:
    return tree is not None and not isinstance(tree, str) and (tree[0] == "br" or is_block(tree))
