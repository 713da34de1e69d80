"""Server-Sent Events (WHATWG HTML, section 9.2): the application allows a stream, the event loop keeps it open."""

from .asgi import Application, Message, Receive, Scope, Send
from .events import Ticket, read_ticket
from .hub import Hub

LISTEN = "X-Madang-Listen"


class EventStreamMiddleware:
    """The ASGI application of `/events`: asks `application` who may listen, then keeps the stream without it."""

    def __init__(self, application: Application, hub: Hub) -> None:
        self.application, self.hub = application, hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = TicketReader(send)
        await self.application(scope, receive, answer)
        if answer.ticket is not None:
            await self.hub.serve(answer.ticket, b"".join(answer.hello), answer.cookies, receive, send)


class TicketReader:
    """Takes the application's answer: permission to listen is kept, everything else goes on."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.ticket: Ticket | None = None
        self.hello: list[bytes] = []
        self.cookies: list[tuple[bytes, bytes]] = []  # the session that listening has renewed

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            name = LISTEN.lower().encode()
            for header, value in message["headers"]:
                if header == name:
                    self.ticket = read_ticket(value.decode())
            self.cookies = [pair for pair in message["headers"] if pair[0] == b"set-cookie"]
        if self.ticket is None:
            await self.send(message)
        elif message["type"] == "http.response.body":
            self.hello.append(message.get("body", b""))
