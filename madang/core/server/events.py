"""Events of the event stream, and the ticket with which the application authorises a listener."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from .asgi import Message

SESSION_ENDED = "session_ended"


class Event(NamedTuple):
    """A row of the stream, for one user or for all listeners of a topic."""

    id: int
    user_id: int | None
    topic: str | None
    name: str
    payload: Mapping[str, object]


class Ticket(NamedTuple):
    """An authorised stream: its user, session and topics, and the event id after which it starts."""

    user_id: int
    session_id: int
    topics: tuple[str, ...]
    after: int


class EventSource(Protocol):
    """Where the hub reads events. Both methods return at most one batch, the oldest first."""

    def events_after(self, event_id: int) -> Sequence[Event]: ...

    def events_for(self, ticket: Ticket, event_id: int, up_to: int) -> Sequence[Event]: ...


def sse_message(event: Event) -> Message:
    """Return the ASGI message of an event in the format of Server-Sent Events."""
    text = f"id: {event.id}\nevent: {event.name}\ndata: {json.dumps(event.payload, ensure_ascii=False)}\n\n"
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}


def write_ticket(ticket: Ticket) -> str:
    """Encode a ticket for the response header `TICKET_HEADER`."""
    return json.dumps(ticket)


def read_ticket(header: str) -> Ticket:
    """Decode a ticket."""
    user_id, session_id, topics, after = json.loads(header)
    return Ticket(user_id, session_id, tuple(topics), after)
