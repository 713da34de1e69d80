"""A listener: one open event stream."""

import asyncio
from collections.abc import Coroutine

from .asgi import Message, Send
from .events import Ticket

HEARTBEAT = {"type": "http.response.body", "body": b":\n\n", "more_body": True}
STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),  # nginx must not buffer events
    (b"x-content-type-options", b"nosniff"),
]


class Listener:
    """One open stream. Events up to the id `last` are sent or not needed."""

    __slots__ = ("is_ended", "last", "send", "since", "task", "ticket")

    def __init__(self, ticket: Ticket, send: Send, task: asyncio.Task, since: float) -> None:
        self.ticket, self.send, self.task, self.since = ticket, send, task, since
        self.last = ticket.after
        self.is_ended = False

    def send_now(self, message: Message) -> None:
        """Send `message` without waiting; close the stream if its buffer is full, since the client reconnects."""
        if self.is_ended:
            return
        sending = self.send(message)
        if not isinstance(sending, Coroutine):
            raise TypeError("The server's send must be a coroutine function.")
        try:
            sending.send(None)
        except StopIteration:
            return
        sending.close()  # it would wait: the buffer is full
        self.end()

    def end(self) -> None:
        """Close the stream by cancelling its task, which waits for the disconnect."""
        if not self.is_ended:
            self.is_ended = True
            self.task.cancel()
