"""Events of flags."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContentFlagged:
    """A member flagged a post or comment; changing an open flag is no event."""

    flag_id: int


@dataclass(frozen=True, slots=True)
class FlagWithdrawn:
    """A member took an open flag on a post or comment back."""

    post_id: int | None
    comment_id: int | None
    flagger_id: int


@dataclass(frozen=True, slots=True)
class FlagsResolved:
    """All open flags on a post or comment got a verdict."""

    flag_ids: tuple[int, ...]
