import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madang.posts.queries.diff import MORE, PREVIEW, WHOLE, DiffLimit, diff_lines
from tests.timing import assert_quick

LETTERS = random.Random(7)
LINES = st.lists(st.sampled_from(["a", "b", "", "가 나 다", "가 나", "x y z"]), max_size=25).map("\n".join)


def line_text(line):
    return "".join(text for text, _ in line.segments)


def shown(old, new):
    return [(line.kind, line_text(line)) for line in diff_lines(old, new)]


def test_changed_words_are_marked_inside_their_line():
    removed, added = diff_lines("서버를 오늘 켰어요", "서버를 어제 켰어요")
    assert (removed.kind, removed.segments) == ("removed", [("서버를 ", False), ("오늘", True), (" 켰어요", False)])
    assert (added.kind, added.segments) == ("added", [("서버를 ", False), ("어제", True), (" 켰어요", False)])


def test_lines_that_share_nothing_change_as_a_whole():
    assert [line.segments for line in diff_lines("하나 둘", "셋 넷")] == [[("하나 둘", True)], [("셋 넷", True)]]


def test_added_and_removed_lines_stand_between_the_same_ones():
    assert shown("a\nb\nc", "a\nc\nd") == [("same", "a"), ("removed", "b"), ("same", "c"), ("added", "d")]


def test_long_unchanged_stretches_are_a_gap_that_says_its_length():
    old = "\n".join(f"line {number}" for number in range(20))
    lines = diff_lines(old, old.replace("line 10", "line ten"))
    assert [line.kind for line in lines] == ["gap", *["same"] * 3, "removed", "added", *["same"] * 3, "gap"]
    assert (lines[0].hidden, lines[-1].hidden) == (7, 6)


@pytest.mark.parametrize("text", ["", "a", "a\n\nb"])
def test_the_same_text_has_no_changes(text):
    assert {line.kind for line in diff_lines(text, text)} <= {"gap"}


def test_a_moved_line_is_one_removal_and_one_addition():
    kinds = [line.kind for line in diff_lines("1\n2\n3\n4\n5", "2\n3\n4\n5\n1")]
    assert sorted(kinds) == ["added", "removed", "same", "same", "same", "same"]


@given(LINES, LINES)
def test_both_texts_can_be_read_out_of_the_comparison(old, new):
    lines = diff_lines(old, new)
    for text, kind in ((old, "removed"), (new, "added")):
        count = sum(line.hidden or line.kind in ("same", kind) for line in lines)
        assert count == len(text.splitlines())
        assert all(line_text(line) in text for line in lines if line.kind in ("same", kind))


@given(LINES, LINES, st.builds(DiffLimit, st.integers(1, 30), st.integers(1, 60)))
def test_a_limited_diff_begins_as_the_whole_one_and_says_that_there_is_more(old, new, limit):
    whole, limited = diff_lines(old, new), diff_lines(old, new, limit)
    lines = [line for line in limited if line != MORE]
    assert len(lines) <= limit.lines
    assert sum(len(line_text(line)) for line in lines) <= limit.characters
    assert (limited[-1:] == [MORE]) is (limited != whole)
    assert limited.count(MORE) <= 1


def test_a_long_replacement_shows_what_was_removed_and_what_was_added():
    old, new = ("\n".join(f"{word} {number}" for number in range(500)) for word in ("old", "new"))
    kinds = [line.kind for line in diff_lines(old, new, DiffLimit(10, 1_000))]
    assert kinds == [*["removed"] * 5, *["added"] * 5, "more"]
    kinds = [line.kind for line in diff_lines("one\ntwo", new, DiffLimit(10, 1_000))]
    assert kinds == [*["removed"] * 2, *["added"] * 8, "more"]


def test_a_long_line_is_cut():
    line, more = diff_lines("", "가" * 500, DiffLimit(10, 100))
    assert (line_text(line), more) == ("가" * 100, MORE)


@pytest.mark.parametrize("limit", [PREVIEW, WHOLE])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n".join(LETTERS.choices("ab", k=50_000)), "\n".join(LETTERS.choices(["a x", "b"], k=25_000))),
        ("a b " * 25_000, "b a a " * 16_000),
        ("", "\n" * 100_000),
        ("\n".join(f"{number} " + "x" * 300 for number in range(300)), "\n".join(str(number) for number in range(300))),
    ],
    ids=["short lines", "one line", "empty lines", "long lines"],
)
def test_what_a_page_shows_of_a_diff_has_a_limit(old, new, limit):
    lines = diff_lines(old, new, limit)
    assert len(lines) <= limit.lines + 1
    assert sum(len(line_text(line)) for line in lines) <= limit.characters


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\n" * 50_000, "b\n" * 50_000),
        ("a\nb\n" * 25_000, "b\na\na\n" * 16_000),
        ("a b " * 25_000, "b a a " * 16_000),
        ("a" * 100_000, "a" * 50_000 + "b" * 50_000),
        ("\n".join(map(str, range(18_000))), "\n".join(map(str, LETTERS.sample(range(18_000), 18_000)))),
        ("\n".join(LETTERS.choices("abcdef", k=50_000)), "\n".join(LETTERS.choices("abcdef", k=50_000))),
    ],
    ids=["all new", "alternating", "one line", "one word", "shuffled", "few different lines"],
)
def test_the_longest_texts_are_compared_in_time(old, new):
    assert_quick(lambda: diff_lines(old, new), 3)
