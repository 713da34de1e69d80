"""Footnotes as on GitHub: `[^1]` in the text, `[^1]: words` anywhere; they are listed at the end.

A definition that nothing refers to is listed too, so that no word is lost.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from .limits import MAX_LEVEL
from .sanitizer import trusted

DEFINITION = re.compile(r"\[\^([^\s\[\]^]{1,60})\]:")
REFERENCE = re.compile(r"\[\^([^\s\[\]^]{1,60})\]")
INDENT = 4
REFERENCE_TYPE = "footnote_reference"


def footnotes_plugin(md: MarkdownIt) -> None:
    """Add the rules of this module."""
    md.block.ruler.before("reference", "footnote_definition", footnote_definition, {"alt": ["paragraph", "reference"]})
    md.inline.ruler.before("link", "footnote_reference", footnote_reference)
    md.core.ruler.after("inline", "footnotes", list_footnotes)
    md.add_render_rule(REFERENCE_TYPE, render_reference)


def footnote_definition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Parse `[^label]: ...`; the lines that belong to it are indented by four spaces."""
    if state.is_code_block(start_line) or state.level > MAX_LEVEL:
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    match = DEFINITION.match(state.src, begin, state.eMarks[start_line])
    if not match or silent:
        return bool(match)
    state.env.setdefault("footnotes", set()).add(match[1].casefold())
    state.push("definition_open", "", 1).meta = {"label": match[1].casefold()}
    former = state.bMarks[start_line], state.tShift[start_line], state.sCount[start_line], state.parentType
    rest = state.src[match.end() : state.eMarks[start_line]]
    state.bMarks[start_line], state.tShift[start_line] = match.end(), len(rest) - len(rest.lstrip(" \t"))
    state.blkIndent += INDENT
    state.sCount[start_line] = state.blkIndent
    state.parentType = "footnote"
    state.md.block.tokenize(state, start_line, end_line)
    state.blkIndent -= INDENT
    state.bMarks[start_line], state.tShift[start_line], state.sCount[start_line], state.parentType = former
    state.push("definition_close", "", -1)
    return True


def footnote_reference(state: StateInline, silent: bool) -> bool:
    match = REFERENCE.match(state.src, state.pos, state.posMax)
    label = match[1].casefold() if match else ""
    if not match or state.linkLevel > 0 or label not in state.env.get("footnotes", ()):
        return False
    if not silent:
        if not state.env["budget"].spend("footnote_references"):
            return False
        state.push(REFERENCE_TYPE, "", 0).meta = {"label": label}
    state.pos = match.end()
    return True


@dataclass
class Numbering:
    """The numbers of the footnotes of one text, and how often each is referred to.

    `name` is part of the ids, since a page shows many texts.
    """

    name: str
    numbers: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, label: str) -> str:
        self.numbers[label] = len(self.numbers) + 1
        return label

    def number(self, blocks: list[Token]) -> list[str]:
        """Number the references in these blocks; returns the labels that are new."""
        new = []
        for reference in (token for block in blocks for token in block.children or () if token.type == REFERENCE_TYPE):
            label = reference.meta["label"]
            if label not in self.numbers:
                new.append(self.add(label))
            self.counts[label] = self.counts.get(label, 0) + 1
            number, target = self.numbers[label], self.target(label, self.counts[label])
            attributes = f'href="#fn-{self.name}-{number}" {trusted("id")}="{target}"'
            reference.content = f"<sup><a {attributes}>[{number}]</a></sup>"
        return new

    def target(self, label: str, count: int) -> str:
        """The id of a reference."""
        return f"fnref-{self.name}-{self.numbers[label]}" + (f"-{count}" if count > 1 else "")

    def item(self, label: str, content: list[Token]) -> list[Token]:
        """A footnote as an item of the list, with links back to its references."""
        links = [f' <a href="#{self.target(label, count + 1)}">↩</a>' for count in range(self.counts.get(label, 0))]
        back = Token(REFERENCE_TYPE, "", 0, content="".join(links))
        if content and content[-1].type == "paragraph_close":
            content[-2].children = [*(content[-2].children or ()), back]
        else:
            content = [*content, back]
        identity: dict[str, str | int | float] = {trusted("id"): f"fn-{self.name}-{self.numbers[label]}"}
        opening = Token("list_item_open", "li", 1, attrs=identity, block=True)
        return [opening, *content, Token("list_item_close", "li", -1, block=True)]


def list_footnotes(state: StateCore) -> None:
    """Number the footnotes in the order of their references, and move them to the end as a list."""
    if "footnotes" not in state.env:
        return
    body, contents = take_definitions(state.tokens)
    numbering = Numbering(sha256(state.src.encode()).hexdigest()[:8])
    labels, position, others = numbering.number(body), 0, iter(contents)
    while position < len(labels) or (other := next((label for label in others if label not in numbering.numbers), "")):
        if position == len(labels):
            labels.append(numbering.add(other))
        labels += numbering.number(contents[labels[position]])
        position += 1
    opening = Token("ordered_list_open", "ol", 1, attrs={"class": trusted("footnotes")}, block=True)
    items = [token for label in labels for token in numbering.item(label, contents[label])]
    state.tokens = [*body, opening, *items, Token("ordered_list_close", "ol", -1, block=True)]


def take_definitions(tokens: list[Token]) -> tuple[list[Token], dict[str, list[Token]]]:
    """The blocks outside definitions, and the blocks of each definition by its label."""
    body: list[Token] = []
    contents: dict[str, list[Token]] = {}
    stack = [body]
    for token in tokens:
        if token.type == "definition_open":
            label = token.meta["label"]
            stack.append(contents.setdefault(label if label not in contents else f"{label} {len(contents)}", []))
        elif token.type == "definition_close":
            stack.pop()
        else:
            stack[-1].append(token)
    return body, contents


def render_reference(
    _renderer: RendererProtocol, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    return tokens[index].content
