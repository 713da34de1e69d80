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
    budget: Budget = state.env["budget"]
    if start_line < budget.refused_until or not table(state, start_line, end_line, True):
        return False
    if silent:
        return True
    lines = table_lines(state, start_line, end_line)
    if not is_within_bounds(state, lines, budget):
        budget.refused_until = lines.stop  # each of its lines may look like the head of another, with all that follow
        return False
    return table(state, start_line, end_line, False)


def table_lines(state: StateBlock, start_line: int, end_line: int) -> range:
    """The lines of the table that begins at `start_line`, by the rule of the parser."""
    others = state.md.block.ruler.getRules("blockquote")
    former, state.parentType = state.parentType, "table"
    for line in range(start_line + 2, end_line):
        is_outside = state.isEmpty(line) or state.sCount[line] < state.blkIndent or state.is_code_block(line)
        if is_outside or any(rule(state, line, end_line, True) for rule in others):
            end_line = line
            break
    state.parentType = former
    return range(start_line, end_line)


def is_within_bounds(state: StateBlock, lines: range, budget: Budget) -> bool:
    """Whether the text may have this table too. If not, it stays text, also where thousands of cells would be empty."""
    columns = count_cells(state, lines.start)
    if columns > MAX_COLUMNS:
        budget.excess["columns"] = columns
        return False
    missing = sum(max(0, columns - count_cells(state, line)) for line in lines[2:])
    size = state.eMarks[lines[-1]] - state.bMarks[lines.start]
    if missing > size // 4 and not budget.spend("missing_cells", missing):
        return False
    cells = (len(lines) - 1) * columns
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
