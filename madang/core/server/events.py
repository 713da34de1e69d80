"""The events of the stream, and the ticket by which the application allows somebody to listen."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from .asgi import Message

ENDED = "session_ended"


class Event(NamedTuple):
    """A row of the stream: for one person, or for all who listen to a topic."""

    id: int
    user_id: int | None
    topic: str | None
    name: str
    payload: dict[str, Any]


class Ticket(NamedTuple):
    """What the application allows: whose stream, of which session, with which topics, from which id on."""

    user_id: int
    session_id: int
    topics: tuple[str, ...]
    after: int


class EventSource(Protocol):
    """Where the hub reads the stream. Both give the oldest first, at most a batch; the hub asks again."""

    def events_after(self, event_id: int) -> Sequence[Event]: ...

    def events_for(self, ticket: Ticket, event_id: int, up_to: int) -> Sequence[Event]: ...


def sse_message(event: Event) -> Message:
    """An event as it goes over the wire."""
    text = f"id: {event.id}\nevent: {event.name}\ndata: {json.dumps(event.payload, ensure_ascii=False)}\n\n"
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}


def write_ticket(ticket: Ticket) -> str:
    """A ticket as the header in which the application hands it over."""
    return json.dumps(ticket)


def read_ticket(header: str) -> Ticket:
    user_id, session_id, topics, after = json.loads(header)
    return Ticket(user_id, session_id, tuple(topics), after)
