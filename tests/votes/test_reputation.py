"""Reputation points for votes."""

import pytest

from madang.votes.operations.reputation import vote_points


@pytest.mark.parametrize(("vote", "points"), [(1, 10), (-1, -2), (0, 0)])
def test_a_vote_is_worth_points_to_the_author(vote, points):
    assert vote_points(vote) == points
