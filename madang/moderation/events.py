"""What happens to flags."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlagsResolved:
    """All open flags of one thing were decided about."""

    flag_ids: tuple[int, ...]
