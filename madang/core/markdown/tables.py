"""Tables with bounds on columns and cells, scrolled by themselves, with classes for alignment."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table
from markdown_it.rules_core import StateCore

from .limits import Budget
from .sanitizer import trusted

MAX_COLUMNS = 100
ALIGNMENT = re.compile(r"text-align:(left|center|right)")


def tables_plugin(md: MarkdownIt) -> None:
    """Replace the parser's rule, and add the box and the classes."""
    md.block.ruler.at("table", bounded_table, {"alt": ["paragraph", "reference"]})
    md.core.ruler.push("tables", align_cells)
    scroll_box = f'<div class="{trusted("table-scroll")}" {trusted("tabindex")}="0">'
    md.add_render_rule("table_open", lambda *_: f"{scroll_box}<table>\n")
    md.add_render_rule("table_close", lambda *_: "</table></div>\n")


def bounded_table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if not table(state, start_line, end_line, True):
        return False
    return silent or (is_within_bounds(state, start_line, end_line) and table(state, start_line, end_line, False))


def is_within_bounds(state: StateBlock, start_line: int, end_line: int) -> bool:
    """Whether the text may have this table too. If not, it stays text, also where thousands of cells would be empty."""
    budget: Budget = state.env["budget"]
    columns = count_cells(state, start_line)
    rows, missing = 1, 0
    last = start_line + 1
    for line in range(start_line + 2, end_line):
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            break
        rows += 1
        missing += max(0, columns - count_cells(state, line))
        last = line
    if columns > MAX_COLUMNS:
        budget.excess["columns"] = columns
        return False
    if missing > (state.eMarks[last] - state.bMarks[start_line]) // 4 and not budget.spend("missing_cells", missing):
        return False
    cells = rows * columns
    if not budget.spend("cells", cells):
        budget.excess["cells"] = budget.excess.get("cells", Budget.cells - budget.cells) + cells
        return False
    return True


def count_cells(state: StateBlock, line: int) -> int:
    """The number of cells in a line; an escaped pipe counts too."""
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
    return max(1, text.count("|") + 1 - text.startswith("|") - text.endswith("|"))


def align_cells(state: StateCore) -> None:
    """Replace the inline style of aligned table cells by a class, which empty cells do not need."""
    for token, content in zip(state.tokens, state.tokens[1:], strict=False):
        if token.type in ("th_open", "td_open") and token.attrs:
            side = ALIGNMENT.search(str(token.attrs.pop("style", "")))
            if side and content.content:
                token.attrs["class"] = trusted(f"align-{side[1]}")
