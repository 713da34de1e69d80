"""Line and word diff of two texts.

Lines that occur exactly once in both texts anchor the diff (patience diff, Bram Cohen). The exact comparison, whose
time grows with the product of the lengths, runs only between anchors and within a budget, so that the total time
stays proportional to the texts. What is shown of a diff has a limit too: a line of a page costs more than comparing it.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from sys import maxsize
from typing import NamedTuple

CONTEXT = 3
MAX_CELLS, MAX_TOTAL_CELLS = 20_000, 200_000
WORD = re.compile(r"\w+|\s+|[^\w\s]")

Segments = list[tuple[str, bool]]
Block = tuple[int, int, int, int]  # start and end in the old sequence, start and end in the new one
Opcode = tuple[str, int, int, int, int]


class DiffLine(NamedTuple):
    """A line of a diff. `kind` is `same`, `added`, `removed`, `gap` for `hidden` unchanged lines, or `more` at a limit.

    `segments` are the parts of the line, each with whether it changed.
    """

    kind: str
    segments: Segments
    hidden: int = 0


class DiffLimit(NamedTuple):
    """How much of a diff is shown. Where it ends before the texts do, its last line is of the kind `more`."""

    lines: int
    characters: int


UNLIMITED = DiffLimit(maxsize, maxsize)
PREVIEW = DiffLimit(100, 10_000)  # one of several on a page
WHOLE = DiffLimit(1_000, 100_000)  # on its own
MORE = DiffLine("more", [])


class CellBudget:
    """The number of cells (old items times new items) that exact comparisons of one diff may still use."""

    def __init__(self) -> None:
        self.cells = MAX_TOTAL_CELLS

    def spend(self, old: Sequence, new: Sequence) -> bool:
        """Use the cells of one comparison; False, and nothing used, if they exceed a limit."""
        cells = len(old) * len(new)
        if cells > min(MAX_CELLS, self.cells):
            return False
        self.cells -= cells
        return True


def diff_lines(old: str, new: str, limit: DiffLimit = UNLIMITED) -> list[DiffLine]:
    """The diff of two texts: lines in order, changed words marked, long unchanged parts as gaps."""
    old_lines, new_lines = old.splitlines(), new.splitlines()
    budget = CellBudget()
    lines: list[DiffLine] = []
    room = limit.lines
    for kind, a, b, c, d in line_opcodes(old_lines, new_lines, budget):
        if kind == "equal":
            lines += [DiffLine("same", [(line, False)]) for line in old_lines[a:b]]
            continue
        removed, added = max(room // 2, room - (d - c)), max(room - room // 2, room - (b - a))
        lines += changed_lines(old_lines[a:b][:removed], new_lines[c:d][:added], budget)
        room -= b - a + d - c
        if room < 0:
            lines.append(MORE)
            break
    return list(lines_within(collapse_unchanged(lines), limit))


def lines_within(lines: Iterable[DiffLine], limit: DiffLimit) -> Iterator[DiffLine]:
    """The lines up to the limit; the one that passes it is cut."""
    room = limit.characters
    for index, line in enumerate(lines):
        if room <= 0 or index >= limit.lines:
            yield MORE
            return
        length = sum(len(text) for text, _ in line.segments)
        yield line if length <= room else line._replace(segments=cut_segments(line.segments, room))
        room -= length
        if room < 0:
            yield MORE
            return


def cut_segments(segments: Segments, length: int) -> Segments:
    """The first `length` characters of a line."""
    result: Segments = []
    for text, changed in segments:
        if length > 0:
            result.append((text[:length], changed))
        length -= len(text)
    return result


def line_opcodes(old: list[str], new: list[str], budget: CellBudget) -> Iterator[Opcode]:
    """Opcodes as of `difflib.SequenceMatcher`, between and at the anchor lines."""
    a = c = 0
    for b, d in [*anchor_lines(old, new), (len(old), len(new))]:
        yield from block_opcodes(old, new, (a, b, c, d), budget)
        if b < len(old):
            yield "equal", b, b + 1, d, d + 1
        a, c = b + 1, d + 1


def block_opcodes(old: Sequence, new: Sequence, block: Block, budget: CellBudget) -> Iterator[Opcode]:
    """Opcodes of a block: common prefix and suffix, and the middle compared exactly if the budget allows."""
    a, b, c, d = block
    prefix = common_prefix_length(old[a:b], new[c:d])
    suffix = common_prefix_length(old[a + prefix : b][::-1], new[c + prefix : d][::-1])
    if prefix:
        yield "equal", a, a + prefix, c, c + prefix
    yield from middle_opcodes(old, new, (a + prefix, b - suffix, c + prefix, d - suffix), budget)
    if suffix:
        yield "equal", b - suffix, b, d - suffix, d


def middle_opcodes(old: Sequence, new: Sequence, block: Block, budget: CellBudget) -> Iterator[Opcode]:
    a, b, c, d = block
    if a == b and c == d:
        return
    if not budget.spend(old[a:b], new[c:d]):
        yield "replace", a, b, c, d
        return
    for kind, i, j, k, m in SequenceMatcher(None, old[a:b], new[c:d], autojunk=False).get_opcodes():
        yield kind, a + i, a + j, c + k, c + m


def common_prefix_length(old: Sequence, new: Sequence) -> int:
    pairs = zip(old, new, strict=False)
    return next(
        (index for index, (old_item, new_item) in enumerate(pairs) if old_item != new_item), min(len(old), len(new))
    )


def anchor_lines(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Indexes in `old` and `new` of lines that occur exactly once in both, in their longest common order."""
    unique = {line for line, count in Counter(new).items() if count == 1 and line.strip()}
    unique &= {line for line, count in Counter(old).items() if count == 1}
    new_indexes = {line: index for index, line in enumerate(new) if line in unique}
    return longest_increasing_subsequence(
        [(index, new_indexes[line]) for index, line in enumerate(old) if line in unique]
    )


def longest_increasing_subsequence(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence with increasing second numbers (patience sorting, O(n log n))."""
    tails: list[int] = []
    tail_indexes: list[int] = []
    predecessors: list[int | None] = []
    for index, (_, new_index) in enumerate(pairs):
        pile = bisect_left(tails, new_index)
        predecessors.append(tail_indexes[pile - 1] if pile else None)
        tails[pile : pile + 1] = [new_index]
        tail_indexes[pile : pile + 1] = [index]
    subsequence = []
    pair_index = tail_indexes[-1] if tail_indexes else None
    while pair_index is not None:
        subsequence.append(pairs[pair_index])
        pair_index = predecessors[pair_index]
    return subsequence[::-1]


def changed_lines(old: list[str], new: list[str], budget: CellBudget) -> list[DiffLine]:
    """Removed lines, then added lines, with the changed words marked in lines at the same position."""
    pairs = [word_segments(old_line, new_line, budget) for old_line, new_line in zip(old, new, strict=False)]
    removed = [pair[0] for pair in pairs] + [changed_segments(line) for line in old[len(pairs) :]]
    added = [pair[1] for pair in pairs] + [changed_segments(line) for line in new[len(pairs) :]]
    return [DiffLine("removed", line) for line in removed] + [DiffLine("added", line) for line in added]


def changed_segments(line: str) -> Segments:
    """Segments of a line that changed entirely."""
    return [(line, True)] if line else []


def word_segments(old: str, new: str, budget: CellBudget) -> tuple[Segments, Segments]:
    """Segments of both lines; lines with less than a quarter of their text in common are marked as changed entirely."""
    old_words, new_words = WORD.findall(old), WORD.findall(new)
    opcodes = list(block_opcodes(old_words, new_words, (0, len(old_words), 0, len(new_words)), budget))
    common = sum(len("".join(old_words[a:b]).strip()) for kind, a, b, _, _ in opcodes if kind == "equal")
    if common * 4 < max(len(old), len(new)):
        return changed_segments(old), changed_segments(new)
    return (
        merge_segments((("".join(old_words[a:b]), kind != "equal") for kind, a, b, _, _ in opcodes)),
        merge_segments((("".join(new_words[c:d]), kind != "equal") for kind, _, _, c, d in opcodes)),
    )


def merge_segments(pieces: Iterator[tuple[str, bool]]) -> Segments:
    """Join neighbouring pieces that are both changed or both unchanged."""
    result: Segments = []
    for text, changed in pieces:
        if result and result[-1][1] == changed:
            result[-1] = (result[-1][0] + text, changed)
        elif text:
            result.append((text, changed))
    return result


def collapse_unchanged(lines: list[DiffLine]) -> Iterator[DiffLine]:
    """Replace unchanged lines that are further than `CONTEXT` from any change by gaps."""
    context = context_indexes(lines)
    hidden = 0
    for index, line in enumerate(lines):
        if index not in context:
            hidden += 1
            continue
        if hidden:
            yield DiffLine("gap", [], hidden)
            hidden = 0
        yield line
    if hidden:
        yield DiffLine("gap", [], hidden)


def context_indexes(lines: list[DiffLine]) -> set[int]:
    """Indexes within `CONTEXT` lines of a changed line."""
    changed = (index for index, line in enumerate(lines) if line.kind != "same")
    return {near for index in changed for near in range(index - CONTEXT, index + CONTEXT + 1)}
