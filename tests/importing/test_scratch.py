"""What one file of a dump says about the rows of another, kept on the disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.importing.operations.staging import Staging


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Staging]:
    with Staging(tmp_path / "scratch.db") as opened:
        yield opened


def test_votes_of_several_batches_are_added_up(scratch):
    scratch.add_tallies({1: [2, 1], 2: [0, 3]})
    scratch.add_tallies({1: [5, 0]})
    assert scratch.tallies(["1", "2", "3"]) == {"1": (7, 1), "2": (0, 3)}


def test_the_history_of_posts_comes_in_the_order_of_the_file(scratch):
    scratch.add_history([(1, 900, 10), (2, 100, 20), (1, 300, 30)])
    scratch.add_history([(1, 200, 40), (3, 400, 50)])
    scratch.index_history()
    assert scratch.history(["1", "2"]) == [(100, 20), (200, 40), (300, 30), (900, 10)]


def test_the_first_question_that_accepts_an_answer_counts(scratch):
    scratch.add_accepted([(10, 1), (11, 2)])
    scratch.add_accepted([(10, 3)])
    assert scratch.accepted(["10", "11", "12"]) == {"10": "1", "11": "2"}


def test_a_post_describes_the_first_tag_that_names_it(scratch):
    scratch.add_tag_texts([(20, 5), (21, 5), (20, 6)])
    assert scratch.tag_texts(["20", "21", "22"]) == {"20": 5, "21": 5}


def test_nothing_is_found_where_nothing_is_asked_for(scratch):
    scratch.add_tallies({1: [1, 0]})
    assert scratch.tallies([]) == scratch.accepted([]) == scratch.tag_texts([]) == {}
    assert scratch.history([]) == []


def test_numbers_below_zero_are_numbers_too(scratch):
    scratch.add_tallies({-1: [1, 0]})
    assert scratch.tallies(["-1"]) == {"-1": (1, 0)}


TALLIES = st.lists(st.dictionaries(st.integers(1, 4), st.lists(st.integers(0, 9), min_size=2, max_size=2)), max_size=4)


@given(TALLIES)
@settings(max_examples=25)
def test_it_does_not_matter_how_votes_are_divided_into_batches(batches):
    sums: dict[str, tuple[int, int]] = {}
    with Staging(Path(":memory:")) as scratch:
        for batch in batches:
            scratch.add_tallies(batch)
            for post, (up, down) in batch.items():
                before = sums.get(str(post), (0, 0))
                sums[str(post)] = (before[0] + up, before[1] + down)
        assert scratch.tallies(["1", "2", "3", "4"]) == sums
