"""Server-Sent Events (WHATWG HTML, section 9.2): Flask authorises a stream, the event loop keeps it open."""

from .asgi import Application, Message, Receive, Scope, Send
from .events import Ticket, read_ticket
from .hub import Hub

TICKET_HEADER = "X-Madang-Listen"


class EventStreamMiddleware:
    """The ASGI application of `/events`: `application` authorises the listener, `hub` serves the stream."""

    def __init__(self, application: Application, hub: Hub) -> None:
        self.application, self.hub = application, hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = TicketReader(send)
        await self.application(scope, receive, response)
        if response.ticket is not None:
            await self.hub.serve(response.ticket, b"".join(response.parts), response.cookies, receive, send)


class TicketReader:
    """Receives the application's response. One with a ticket is held back; any other is passed to `send`."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.ticket: Ticket | None = None
        self.parts: list[bytes] = []
        self.cookies: list[tuple[bytes, bytes]] = []  # the renewed session

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            name = TICKET_HEADER.lower().encode()
            for header, value in message["headers"]:
                if header == name:
                    self.ticket = read_ticket(value.decode())
            self.cookies = [pair for pair in message["headers"] if pair[0] == b"set-cookie"]
        if self.ticket is None:
            await self.send(message)
        elif message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))
