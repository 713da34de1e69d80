"""Blocks of another site's HTML as Markdown; what has none is written as HTML that the sanitizer allows."""

import re
from collections.abc import Iterable
from dataclasses import replace

from .escaping import Style, as_html, escape_heading, escape_line, opening_tag
from .html_tree import BLOCKS, HEADINGS, VOID, Element, Node, groups, is_blank, is_block, is_table_box
from .markdown_inline import text_of, write_line, write_lines

FENCE = re.compile("`{3,}")
SINGLE_TAG = re.compile(r"</?(?!https?:)[a-z][^<>]*>")
MAX_START = 999_999_999
FIRST_LEVEL = 3  # of headings within a text


def write_blocks(nodes: Iterable[Node], style: Style) -> list[str]:
    """Each block as Markdown. Neighbouring lists of one kind get different marks, so that they stay two."""
    written: list[str] = []
    former, is_second = "", False
    for block in groups(nodes):
        is_second = block.tag == former and not is_second
        former = block.tag
        written.append(write_block(block, style, is_second=is_second))
    return [text for text in written if text]


def write_block(block: Element, style: Style, *, is_second: bool = False) -> str:
    """A block as Markdown, else as HTML. `is_second` asks for the other mark of a list."""
    written = write_as_markdown(block, style, is_second=is_second)
    return write_html(block) if written is None else written


def write_as_markdown(block: Element, style: Style, *, is_second: bool) -> str | None:
    tag = block.tag
    if tag in ("", "p"):
        return None if any(map(is_block, block.children)) else write_paragraph(block, style)
    if tag in HEADINGS:
        return None if any(map(is_block, block.children)) else write_heading(block, style)
    if tag in ("ul", "ol"):
        return write_list(block, style, is_second=is_second)
    if tag == "blockquote":
        return prefixed("\n\n".join(write_blocks(block.children, style)), "> ", "> ") or ">"
    if tag == "pre":
        return write_code_block(block)
    if tag == "hr":
        return "***"
    if is_table_box(block):
        block = next(child for child in block.children if isinstance(child, Element))
    return write_table(block, style) if block.tag == "table" else None


def write_paragraph(block: Element, style: Style) -> str | None:
    """A paragraph; None if its first line is a single tag, which would begin a block of HTML."""
    lines = write_lines(block.children, style)
    return None if SINGLE_TAG.fullmatch(lines[0]) else "\n".join(map(escape_line, lines))


def write_heading(block: Element, style: Style) -> str:
    return f"{'#' * int(block.tag[1])} {escape_heading(write_line(block.children, style))}".rstrip()


def prefixed(text: str, first: str, others: str) -> str:
    """The lines of a block with the marks or spaces of the block around it."""
    return "\n".join(
        (others if number else first) + line if line else (others if number else first).rstrip(" ")
        for number, line in enumerate(text.split("\n"))
    )


def write_list(block: Element, style: Style, *, is_second: bool) -> str | None:
    """A list; None if some of its items have paragraphs and others not, which Markdown cannot write."""
    items = [child for child in block.children if not is_blank(child)]
    start = block.attributes.get("start", "1")
    if not items or not start.isascii() or not start.isdigit() or int(start) + len(items) > MAX_START:
        return None
    contents: list[list[str]] = []
    kinds = set()
    for item in items:
        if isinstance(item, str) or item.tag != "li" or item.attributes:
            return None
        kinds |= {block.tag == "p" for block in groups(item.children) if block.tag in ("", "p")}
        contents.append(write_blocks(item.children, style))
    if len(kinds) > 1:
        return None
    separator = "\n\n" if True in kinds else "\n"
    return separator.join(
        write_item(separator.join(content), list_mark(block.tag, int(start) + number, is_second=is_second))
        for number, content in enumerate(contents)
    )


def list_mark(tag: str, number: int, *, is_second: bool) -> str:
    if tag == "ul":
        return "* " if is_second else "- "
    return f"{number}) " if is_second else f"{number}. "


def write_item(content: str, mark: str) -> str:
    return prefixed(content, mark, " " * len(mark))


def write_code_block(block: Element) -> str | None:
    inner = [child for child in block.children if not is_blank(child)]
    if len(inner) != 1 or isinstance(inner[0], str) or inner[0].tag != "code" or len(block.children) != 1:
        return None
    code = text_of(inner[0])
    if code is None:
        return None
    fence = "`" * max([3, *(len(run) + 1 for run in FENCE.findall(code))])
    return f"{fence}\n{code.removesuffix(chr(10))}\n{fence}" if code else f"{fence}\n{fence}"


def write_table(table: Element, style: Style) -> str | None:
    """A table with a head of one row and cells without blocks; None for another."""
    parts = [child for child in table.children if not is_blank(child)]
    rows = [row for part in parts if isinstance(part, Element) for row in cells_of(part)]
    names = [part.tag if isinstance(part, Element) else "" for part in parts]
    if names not in (["thead", "tbody"], ["thead"]) or len(cells_of(parts[0])) != 1:
        return None
    width = len(rows[0])
    for number, row in enumerate(rows):
        expected = "td" if number else "th"
        if len(row) != width or any(cell.tag != expected or cell.attributes for cell in row):
            return None
        if any(map(is_block, (child for cell in row for child in cell.children))):
            return None
    cell_style = replace(style, in_cell=True)
    lines = [" | ".join(write_line(cell.children, cell_style) for cell in row) for row in rows]
    lines.insert(1, " | ".join(["---"] * width))
    return "\n".join(f"| {line} |" for line in lines)


def cells_of(part: Node) -> list[list[Element]]:
    """The cells of each row of a head or body; a row that holds anything else is empty."""
    if isinstance(part, str):
        return []
    rows = [row.children if isinstance(row, Element) else [row] for row in part.children if not is_blank(row)]
    inner = [[cell for cell in row if not is_blank(cell)] for row in rows]
    return [[cell for cell in row if isinstance(cell, Element)] for row in inner]


def write_html(block: Element) -> str:
    """A block as HTML on one line, which ends where the blank line after it stands."""
    if block.tag in BLOCKS:
        return "".join(html_pieces([block], is_pre=False))
    # An inline element around blocks begins a block of HTML only if its tag stands alone in a line.
    first, *rest = html_pieces([block] if block.tag else block.children, is_pre=False)
    return f"{first}\n{''.join(rest)}"


def html_pieces(nodes: Iterable[Node], *, is_pre: bool) -> Iterable[str]:
    for node in nodes:
        if isinstance(node, str):
            yield as_html(node, is_pre=is_pre)
            continue
        element = Element(html_name(node.tag), node.attributes)
        yield opening_tag(element)
        yield from html_pieces(node.children, is_pre=is_pre or node.tag == "pre")
        if node.tag not in VOID:
            yield f"</{element.tag}>"


def html_name(tag: str) -> str:
    """The name of an element that the sanitizer allows: headings of a text begin at the third level."""
    return f"h{max(FIRST_LEVEL, int(tag[1]))}" if tag in HEADINGS else tag
