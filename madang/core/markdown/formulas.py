r"""Formulas in TeX on boards that use mathematics: `$…$` in a line, `$$…$$` by itself.

As in Pandoc, no space follows the first `$` or precedes the last one, and no digit follows it, so that `$5 and $6` is
money. A formula holds no `$` (a displayed one no `$$`) and no backtick; `\$` is a dollar sign.
"""

import re
from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from .limits import NESTING_ENDS, Budget
from .mathml import MAX_FORMULA, UnreadableFormula, mathml
from .sanitizer import trusted

FormulaWriter = Callable[[Token, EnvType], str]  # the HTML of a formula
FORMULA_TYPE = "formula"
DISPLAYED = r"\$\$(?!\$)(?P<displayed>(?=\s*[^\s$])(?:[^\\$`]|\\[^`]|\$(?!\$))++)\$\$"
IN_LINE = r"\$(?![\s$])(?P<in_line>(?:[^\\$`]|\\[^`])++)(?<!\s)\$(?![\d$])"
FORMULA = re.compile(rf"(?<!\$)(?:{DISPLAYED}|{IN_LINE})")
ESCAPED_OR_FORMULA = re.compile(rf"\\[\s\S]|{FORMULA.pattern}")
PARAGRAPH = re.compile(rf"{DISPLAYED}[.,;:]?[ \t]*")
MAX_LINES = 200
NEVER_WIDE = 30  # characters of TeX that fit on one line of a telephone


def formulas_plugin(md: MarkdownIt) -> None:
    """Add the rules of this module; they act where the environment has a `FormulaWriter` as `formulas`."""
    md.block.ruler.before("blockquote", "formula_paragraph", formula_paragraph, {"alt": ["paragraph", *NESTING_ENDS]})
    md.inline.ruler.before("escape", FORMULA_TYPE, formula)
    md.add_render_rule(FORMULA_TYPE, render_formula)


def formula_paragraph(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Take lines that are one displayed formula as a paragraph, also where one begins with `-`, `+`, `=` or `>`."""
    begin = state.bMarks[start_line] + state.tShift[start_line]
    if not state.env.get("formulas") or not state.src.startswith("$$", begin) or state.is_code_block(start_line):
        return False
    end = end_of_formula(state, start_line, end_line)
    if end is None or silent:
        return end is not None
    state.line = end
    state.push("paragraph_open", "p", 1).map = [start_line, end]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = "\n".join(lines_of(state, start_line, end)), [start_line, end], []
    state.push("paragraph_close", "p", -1)
    return True


def end_of_formula(state: StateBlock, start_line: int, end_line: int) -> int | None:
    """The line after a displayed formula that begins in `start_line`; None if it does not end with a line."""
    for line in range(start_line, min(end_line, start_line + MAX_LINES)):
        if state.isEmpty(line) or (line > start_line and state.sCount[line] < state.blkIndent):
            return None
        begin = state.bMarks[line] + state.tShift[line] + (2 if line == start_line else 0)
        if state.src.find("$$", begin, state.eMarks[line]) >= 0:
            is_whole = PARAGRAPH.fullmatch("\n".join(lines_of(state, start_line, line + 1)))
            return line + 1 if is_whole else None
    return None


def lines_of(state: StateBlock, start_line: int, end: int) -> list[str]:
    """The lines of a block without their indents."""
    return [state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]] for line in range(start_line, end)]


def formula(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "$" or not state.env.get("formulas"):
        return False
    match = FORMULA.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push(FORMULA_TYPE, "math", 0)
        token.content = match[match.lastgroup or 0]
        token.markup = "$$" if match.lastgroup == "displayed" else "$"
    state.pos = match.end()
    return True


def render_formula(
    _renderer: RendererProtocol, tokens: Sequence[Token], index: int, _options: OptionsDict, env: EnvType
) -> str:
    write: FormulaWriter = env["formulas"]
    return write(tokens[index], env)


def as_source(token: Token, _env: EnvType) -> str:
    """A formula as it was typed."""
    return escapeHtml(f"{token.markup}{token.content}{token.markup}")


def as_mathml(token: Token, env: EnvType) -> str:
    """A formula as the mark that `sanitize` replaces by MathML; as code where it cannot be read or is too much."""
    markup = bounded_mathml(token, env["budget"])
    if not markup:
        return f"<code>{as_source(token, env)}</code>"
    env["mathml"].append(markup)
    mark = f'<span {trusted(FORMULA_TYPE)}="{len(env["mathml"]) - 1}"></span>'
    if token.markup == "$" and len(token.content) <= NEVER_WIDE:
        return mark
    # Browsers do not break the lines of formulas, so that a wide one scrolls by itself.
    return f'<span class="{trusted("formula-scroll")}" {trusted("tabindex")}="0">{mark}</span>'


def bounded_mathml(token: Token, budget: Budget) -> str:
    """The MathML of a formula; empty if it cannot be read, or if the text may not have this formula too."""
    tex, is_displayed = token.content, token.markup == "$$"
    if len(tex) > MAX_FORMULA:
        budget.excess["formula"] = max(len(tex), budget.excess.get("formula", 0))
        return ""
    if not budget.spend("formulas") or not budget.spend("formula_characters", len(tex)):
        budget.excess["formulas"] = 1
        return ""
    try:
        markup = mathml(tex, is_display=is_displayed)
    except UnreadableFormula:
        return ""
    if not budget.spend("mathml_characters", len(markup)):
        budget.excess["formulas"] = 1
        return ""
    return markup
