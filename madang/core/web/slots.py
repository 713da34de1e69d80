"""Slots: places in the pages of a slice that other slices fill, without the slice importing them.

The slice of the page declares the slot and says of what type a filling is; the manifest of another slice fills it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

F = TypeVar("F")
_fillings: dict["Slot[Any]", tuple[Any, ...]] = {}


@dataclass(frozen=True, eq=False)
class Slot(Generic[F]):
    """A place in a page, filled by values of the type `F`: functions that render, or forms."""

    name: str

    def filled_by(self, value: F) -> "Filling":
        """For the manifest of the slice that fills this slot."""
        return Filling(self, value)

    def fillings(self) -> tuple[F, ...]:
        """What fills the slot, in the order of the slices."""
        return _fillings.get(self, ())


@dataclass(frozen=True)
class Filling:
    """A slot and one value that fills it."""

    slot: Slot[Any]
    value: object


def connect(fillings: Iterable[Filling]) -> None:
    """Replace what fills all slots."""
    _fillings.clear()
    for filling in fillings:
        _fillings[filling.slot] = (*_fillings.get(filling.slot, ()), filling.value)
