"""Events of votes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostVoted:
    """A vote on a post changed from `before` to `after` (-1, 0 or 1)."""

    post_id: int
    actor_id: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class CommentVoted:
    """A vote on a comment changed from `before` to `after` (0 or 1)."""

    comment_id: int
    actor_id: int
    before: int
    after: int
