"""What keeps the time of rendering in proportion to the length of the source, whatever the source is made of.

Each bound lies far above what a person writes; past it the marks stay in the text as they were typed.
"""

from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.image import image
from markdown_it.rules_inline.link import link
from markdown_it.token import Token

MAX_BODY = 100_000
MAX_LINES = 10_000
MAX_COLUMNS = 100
MAX_MISSING_CELLS = 2_000


@dataclass
class Budget:
    """How often one render may still do each thing that is dear."""

    brackets: int = 20_000
    delimiters: int = 30_000
    reference_characters: int = MAX_BODY
    raw_tags: int = 3_000
    web_addresses: int = 3_000
    coloured_characters: int = 30_000

    def spend(self, what: str, amount: int = 1) -> bool:
        left: int = getattr(self, what) - amount
        if left < 0:
            return False
        setattr(self, what, left)
        return True


class BoundedReferences(dict):
    """Link definitions whose uses may not blow up the page: a long address defined once, used 20,000 times."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self.budget = budget

    def get(self, label, default=None):
        reference = super().get(label, default)
        if reference is None:
            return default
        size = len(reference["href"]) + len(reference["title"])
        return reference if self.budget.spend("reference_characters", size) else default


def new_env() -> dict:
    budget = Budget()
    return {"budget": budget, "references": BoundedReferences(budget)}


def is_too_heavy(source: str) -> bool:
    return len(source) > MAX_BODY or source.count("\n") > MAX_LINES


def bounded_plugin(md: MarkdownIt) -> None:
    md.inline.ruler.at("link", bounded_link)
    md.inline.ruler.at("image", bounded_image)
    md.block.ruler.at("table", bounded_table, {"alt": ["paragraph", "reference"]})
    md.core.ruler.after("inline", "bounded_html", bound_raw_html)


def bounded_link(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "[" or not state.env["budget"].spend("brackets"):
        return False
    return link(state, silent)


def bounded_image(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("![", state.pos) or not state.env["budget"].spend("brackets"):
        return False
    return image(state, silent)


def bounded_table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    return not is_mostly_missing(state, start_line, end_line) and table(state, start_line, end_line, silent)


def is_mostly_missing(state: StateBlock, start_line: int, end_line: int) -> bool:
    """A table of two short lines can ask for 65,000 empty cells; it stays text then."""
    columns = pipes(state, start_line)
    if columns > MAX_COLUMNS:
        return True
    missing = 0
    for line in range(start_line + 2, end_line):
        if state.isEmpty(line) or missing > MAX_MISSING_CELLS:
            break
        missing += max(0, columns - 1 - pipes(state, line))
    return missing > MAX_MISSING_CELLS


def pipes(state: StateBlock, line: int) -> int:
    return state.src.count("|", state.bMarks[line], state.eMarks[line])


def bound_raw_html(state: StateCore) -> None:
    """HTML written by hand shows as text where there is too much: browsers and the sanitiser are slow on deep trees."""
    tokens = [token for block in state.tokens for token in [block, *(block.children or ())]]
    raw = [token for token in tokens if token.type in ("html_inline", "html_block")]
    if not state.env["budget"].spend("raw_tags", sum(token.content.count("<") for token in raw)):
        for token in raw:
            show_as_text(token)


def show_as_text(token: Token) -> None:
    token.type = "text"
