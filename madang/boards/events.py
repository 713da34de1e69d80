"""Events of boards."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BoardDeleted:
    board_id: int


@dataclass(frozen=True, slots=True)
class BoardReadersChanged:
    """Other people than before may see a board."""

    board_id: int


@dataclass(frozen=True, slots=True)
class BoardMathChanged:
    """A board began or ceased to use mathematics; the HTML of its texts is still that of before."""

    board_id: int
