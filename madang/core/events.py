"""What has happened: operations tell it, subscribers act on it in the same transaction."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Table = Mapping[type, Iterable[Callable[[Any], None]]]
_subscribers: dict[type, tuple[Callable[[Any], None], ...]] = {}


def connect(table: Table) -> None:
    """Let the subscribers of `table` (event class -> functions) hear what is emitted from now on."""
    _subscribers.clear()
    _subscribers.update({event: tuple(subscribers) for event, subscribers in table.items()})


def emit(event: object) -> None:
    """Tell every subscriber of the event's class, in the table's order; an error of one fails the whole write."""
    for subscriber in _subscribers.get(type(event), ()):
        subscriber(event)
