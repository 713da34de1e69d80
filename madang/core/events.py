"""Domain events: operations emit them, subscribers handle them in the same transaction."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Subscriber = Callable[[Any], None]  # each takes the event class that it is subscribed to
SubscriptionTable = Mapping[type, Iterable[Subscriber]]
_subscribers: dict[type, tuple[Subscriber, ...]] = {}


def connect(table: SubscriptionTable) -> None:
    """Replace all subscriptions by `table` (event class -> subscribers)."""
    _subscribers.clear()
    _subscribers.update({event: tuple(subscribers) for event, subscribers in table.items()})


def emit(event: object) -> None:
    """Call the subscribers of the event's class in the table's order; an error in one fails the transaction."""
    for subscriber in _subscribers.get(type(event), ()):
        subscriber(event)
