"""The staging database of an import."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.importing.operations.staging import Staging


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[Staging]:
    with Staging(tmp_path / "staging.db") as opened:
        yield opened


def test_votes_of_several_batches_are_added_up(staging):
    staging.add_tallies({1: [2, 1], 2: [0, 3]})
    staging.add_tallies({1: [5, 0]})
    assert staging.tallies(["1", "2", "3"]) == {"1": (7, 1), "2": (0, 3)}


def test_the_history_of_posts_comes_in_the_order_of_the_file(staging):
    staging.add_history([(1, 900, 10), (2, 100, 20), (1, 300, 30)])
    staging.add_history([(1, 200, 40), (3, 400, 50)])
    staging.index_history()
    assert staging.history(["1", "2"]) == [(100, 20), (200, 40), (300, 30), (900, 10)]


def test_the_first_question_that_accepts_an_answer_counts(staging):
    staging.add_accepted([(10, 1), (11, 2)])
    staging.add_accepted([(10, 3)])
    assert staging.accepted(["10", "11", "12"]) == {"10": "1", "11": "2"}


def test_a_post_describes_the_first_tag_that_names_it(staging):
    staging.add_tag_texts([(20, 5), (21, 5), (20, 6)])
    assert staging.tag_texts(["20", "21", "22"]) == {"20": 5, "21": 5}


def test_no_ids_give_no_rows(staging):
    staging.add_tallies({1: [1, 0]})
    assert staging.tallies([]) == staging.accepted([]) == staging.tag_texts([]) == {}
    assert staging.history([]) == []


def test_ids_may_be_negative(staging):
    staging.add_tallies({-1: [1, 0]})
    assert staging.tallies(["-1"]) == {"-1": (1, 0)}


TALLIES = st.lists(st.dictionaries(st.integers(1, 4), st.lists(st.integers(0, 9), min_size=2, max_size=2)), max_size=4)


@given(TALLIES)
@settings(max_examples=25)
def test_tallies_do_not_depend_on_batches(batches):
    sums: dict[str, tuple[int, int]] = {}
    with Staging(Path(":memory:")) as staging:
        for batch in batches:
            staging.add_tallies(batch)
            for post, (up, down) in batch.items():
                before = sums.get(str(post), (0, 0))
                sums[str(post)] = (before[0] + up, before[1] + down)
        assert staging.tallies(["1", "2", "3", "4"]) == sums
