"""Events of boards."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BoardDeleted:
    board_id: int
