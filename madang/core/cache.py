"""Things that every page needs and that change seldom: kept in the process for a moment."""

from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class KeptFor(Generic[T]):
    """A function without arguments whose result is kept for `seconds`; `forget()` after a change in this process."""

    _all: list["KeptFor"] = []

    def __init__(self, seconds: float, read: Callable[[], T]) -> None:
        self.seconds, self.read = seconds, read
        self._kept: tuple[float, T] | None = None
        self._all.append(self)
        self.__doc__ = read.__doc__

    def __call__(self) -> T:
        kept = self._kept
        if kept is None or kept[0] < monotonic():
            kept = self._kept = (monotonic() + self.seconds, self.read())
        return kept[1]

    def forget(self) -> None:
        self._kept = None

    @classmethod
    def forget_all(cls) -> None:
        """Forget everything kept in this process."""
        for kept in cls._all:
            kept.forget()


def kept_for(seconds: float) -> Callable[[Callable[[], T]], KeptFor[T]]:
    return lambda read: KeptFor(seconds, read)
