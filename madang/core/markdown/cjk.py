"""Emphasis next to Korean, Chinese and Japanese text, which has no space between a word and its particle.

CommonMark decides by spaces and punctuation whether `**` opens or closes, so `**강조(설명)**입니다` is not bold:
the mark stands between a bracket and a letter. Here a CJK character beside the mark counts as a space.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

from .limits import BoundedParserInline

CJK_RANGES = (
    "\u1100-\u11ff\u2e80-\u303f\u3040-\u30ff\u3100-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffee\U00020000-\U0003ffff"
)
CJK_LETTERS = "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
CJK = re.compile(f"[{CJK_RANGES}]")


class CjkStateInline(StateInline):
    """Decides with CJK in mind whether a run of marks opens or closes emphasis, and counts it against the budget."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        length = run_length(self.src, start, self.posMax)
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[start + length] if start + length < self.posMax else " "
        left, right = is_left_flanking(before, after), is_left_flanking(after, before)
        self.env["budget"].delimiters -= length
        can_open = left and (canSplitWord or not right or is_punctuation(before))
        can_close = right and (canSplitWord or not left or is_punctuation(after))
        return Scanned(can_open, can_close, length)


class CjkParserInline(BoundedParserInline):
    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = CjkStateInline(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def run_length(src: str, start: int, end: int) -> int:
    position = start
    while position < end and src[position] == src[start]:
        position += 1
    return position - start


def is_left_flanking(before: str, after: str) -> bool:
    """Whether a run of marks between `before` and `after` may open; with both swapped, whether it may close."""
    if isWhiteSpace(ord(after)):
        return False
    if not is_punctuation(after) or CJK.match(after):
        return True
    return isWhiteSpace(ord(before)) or is_punctuation(before) or bool(CJK.match(before))


def is_punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)
