"""Events of flags."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlagsResolved:
    """All open flags on a post or comment got a verdict."""

    flag_ids: tuple[int, ...]
