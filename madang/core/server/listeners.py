"""One open event stream."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from .asgi import Message, Send
from .events import Ticket

HEARTBEAT = {"type": "http.response.body", "body": b":\n\n", "more_body": True}
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),  # nginx hands on each event as it comes
    (b"x-content-type-options", b"nosniff"),
]


class Listener:
    """One open stream. `last` is the id of the newest event that it has, or need not have."""

    __slots__ = ("is_ended", "last", "send", "since", "task", "ticket")

    def __init__(self, ticket: Ticket, send: Send, task: "asyncio.Task[Any]", since: float) -> None:
        self.ticket, self.send, self.task, self.since = ticket, send, task, since
        self.last = ticket.after
        self.is_ended = False

    def tell(self, message: Message) -> None:
        """Hand over `message` without waiting. Who does not take what they were sent is cut off, and resumes."""
        if self.is_ended:
            return
        sending = self.send(message)
        if not isinstance(sending, Coroutine):
            raise TypeError("The server's send must be a coroutine function.")
        try:
            sending.send(None)
        except StopIteration:
            return
        sending.close()  # it waits: the reader's buffer is full
        self.end()

    def end(self) -> None:
        """Close the stream: the task that waits for the reader to leave wakes up and says so."""
        if not self.is_ended:
            self.is_ended = True
            self.task.cancel()
