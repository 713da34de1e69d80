"""Reputation points for votes and accepted answers."""

from madang.accounts.models import User
from madang.core.db import add_to

UPVOTE_POINTS = 10
DOWNVOTE_POINTS = -2
ACCEPTED_POINTS = 15


def vote_points(value: int) -> int:
    """Reputation points for the post's author of a vote `value` (1, 0 or -1)."""
    return {1: UPVOTE_POINTS, -1: DOWNVOTE_POINTS}.get(value, 0)


def add_reputation(user_id: int | None, points: int, *, accepted: int = 0) -> None:
    """Add points to a person's reputation, and `accepted` to their number of accepted answers."""
    if user_id is None or (points == 0 and accepted == 0):
        return
    add_to(User, user_id, reputation=points, accepted_count=accepted)
