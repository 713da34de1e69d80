"""What changed between two texts: by lines, and by words inside the lines that changed.

Time stays in proportion to the texts: lines that stand once in both are the fixed points (as in patience diff), and
the exact but slow comparison only fills the gaps between them as long as its allowance lasts.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

CONTEXT = 3
MAX_CELLS, MAX_TOTAL_CELLS = 20_000, 200_000
WORD = re.compile(r"\w+|\s+|[^\w\s]")

Segments = list[tuple[str, bool]]
Opcode = tuple[str, int, int, int, int]


class DiffLine(NamedTuple):
    """A line of a comparison: kind is same, added, removed, or gap; a gap stands for `hidden` lines that are the same.

    `segments` are the pieces of the line, each with whether it changed.
    """

    kind: str
    segments: Segments
    hidden: int = 0


class Allowance:
    def __init__(self) -> None:
        self.cells = MAX_TOTAL_CELLS

    def covers(self, old: Sequence, new: Sequence) -> bool:
        cells = len(old) * len(new)
        if cells > min(MAX_CELLS, self.cells):
            return False
        self.cells -= cells
        return True


def diff_lines(old: str, new: str) -> list[DiffLine]:
    """The lines of both texts in order, changed ones with their words marked, long unchanged stretches as gaps."""
    before, after = old.splitlines(), new.splitlines()
    allowance = Allowance()
    lines: list[DiffLine] = []
    for kind, a, b, c, d in line_opcodes(before, after, allowance):
        if kind == "equal":
            lines += [DiffLine("same", [(line, False)]) for line in before[a:b]]
        else:
            lines += changed_lines(before[a:b], after[c:d], allowance)
    return list(folded(lines))


def line_opcodes(old: list[str], new: list[str], allowance: Allowance) -> Iterator[Opcode]:
    a = c = 0
    for b, d in [*fixed_points(old, new), (len(old), len(new))]:
        yield from block_opcodes(old, new, (a, b, c, d), allowance)
        if b < len(old):
            yield "equal", b, b + 1, d, d + 1
        a, c = b + 1, d + 1


def block_opcodes(old: Sequence, new: Sequence, block: tuple[int, int, int, int], allowance: Allowance):
    """Opcodes of a block: its common beginning and end in one sweep, the middle exactly if the allowance covers it."""
    a, b, c, d = block
    head = common_length(old[a:b], new[c:d])
    tail = common_length(old[a + head : b][::-1], new[c + head : d][::-1])
    if head:
        yield "equal", a, a + head, c, c + head
    yield from middle_opcodes(old, new, (a + head, b - tail, c + head, d - tail), allowance)
    if tail:
        yield "equal", b - tail, b, d - tail, d


def middle_opcodes(old: Sequence, new: Sequence, block: tuple[int, int, int, int], allowance: Allowance):
    a, b, c, d = block
    if a == b and c == d:
        return
    if not allowance.covers(old[a:b], new[c:d]):
        yield "replace", a, b, c, d
        return
    for kind, i, j, k, m in SequenceMatcher(None, old[a:b], new[c:d], autojunk=False).get_opcodes():
        yield kind, a + i, a + j, c + k, c + m


def common_length(old: Sequence, new: Sequence) -> int:
    pairs = zip(old, new, strict=False)
    return next((index for index, (one, other) in enumerate(pairs) if one != other), min(len(old), len(new)))


def fixed_points(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Places of lines that stand exactly once in both texts, in the longest order that both share."""
    once = {line for line, count in Counter(new).items() if count == 1 and line.strip()}
    once &= {line for line, count in Counter(old).items() if count == 1}
    places = {line: index for index, line in enumerate(new) if line in once}
    return longest_rising([(index, places[line]) for index, line in enumerate(old) if line in once])


def longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence whose second numbers rise (patience sorting, n log n)."""
    tops: list[int] = []
    holders: list[int] = []
    former: list[int | None] = []
    for index, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        former.append(holders[pile - 1] if pile else None)
        tops[pile : pile + 1] = [place]
        holders[pile : pile + 1] = [index]
    chain = []
    last = holders[-1] if holders else None
    while last is not None:
        chain.append(pairs[last])
        last = former[last]
    return chain[::-1]


def changed_lines(old: list[str], new: list[str], allowance: Allowance) -> list[DiffLine]:
    """Removed lines, then added ones; lines that face each other show which words changed."""
    pairs = [word_segments(one, other, allowance) for one, other in zip(old, new, strict=False)]
    removed = [pair[0] for pair in pairs] + [whole(line) for line in old[len(pairs) :]]
    added = [pair[1] for pair in pairs] + [whole(line) for line in new[len(pairs) :]]
    return [DiffLine("removed", line) for line in removed] + [DiffLine("added", line) for line in added]


def whole(line: str) -> Segments:
    return [(line, True)] if line else []


def word_segments(old: str, new: str, allowance: Allowance) -> tuple[Segments, Segments]:
    """Both lines in pieces; two lines that share no word worth naming are changed as a whole."""
    before, after = WORD.findall(old), WORD.findall(new)
    opcodes = list(block_opcodes(before, after, (0, len(before), 0, len(after)), allowance))
    kept = sum(len("".join(before[a:b]).strip()) for kind, a, b, _, _ in opcodes if kind == "equal")
    if kept * 4 < max(len(old), len(new)):
        return whole(old), whole(new)
    return (
        joined((("".join(before[a:b]), kind != "equal") for kind, a, b, _, _ in opcodes)),
        joined((("".join(after[c:d]), kind != "equal") for kind, _, _, c, d in opcodes)),
    )


def joined(pieces: Iterator[tuple[str, bool]]) -> Segments:
    result: Segments = []
    for text, changed in pieces:
        if result and result[-1][1] == changed:
            result[-1] = (result[-1][0] + text, changed)
        elif text:
            result.append((text, changed))
    return result


def folded(lines: list[DiffLine]) -> Iterator[DiffLine]:
    """`lines` with the unchanged ones far from any change drawn together."""
    near = near_changes(lines)
    hidden = 0
    for index, line in enumerate(lines):
        if index not in near:
            hidden += 1
            continue
        if hidden:
            yield DiffLine("gap", [], hidden)
            hidden = 0
        yield line
    if hidden:
        yield DiffLine("gap", [], hidden)


def near_changes(lines: list[DiffLine]) -> set[int]:
    changed = (index for index, line in enumerate(lines) if line.kind != "same")
    return {place for index in changed for place in range(index - CONTEXT, index + CONTEXT + 1)}
