"""Reputation: a person's sum over votes and acceptances."""

from madang.accounts.models import User
from madang.core.db import add_to

UPVOTE_POINTS = 10
DOWNVOTE_POINTS = -2
FOR_ACCEPTED = 15


def worth(value: int) -> int:
    """What a vote of `value` gives to the post's author."""
    return {1: UPVOTE_POINTS, -1: DOWNVOTE_POINTS}.get(value, 0)


def add_reputation(user_id: int | None, points: int, *, accepted: int = 0) -> None:
    """Add to somebody's reputation and to the number of their accepted answers."""
    if user_id is None or (points == 0 and accepted == 0):
        return
    add_to(User, user_id, reputation=points, accepted_count=accepted)
