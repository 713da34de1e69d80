"""Connections straight from clients: how long a client may take, and how many connections there may be.

A proxy in front has such limits itself. Without one, each connection that says nothing would keep one of the process's
open files for good, and whoever opens as many as the process may have would shut everybody out.
"""

from asyncio import TimerHandle, Transport
from collections import Counter
from typing import ClassVar

from .asgi import Receive, Scope, Send
from .http_protocol import BoundedHttpProtocol
from .open_files import max_connections

HEAD_SECONDS = 20  # for the address and all headers of a request, and for the first byte of a connection
KEEP_ALIVE_SECONDS = 75  # between two requests
BODY_SECONDS = 20  # in which MIN_BODY_BYTES more of a body must come
MIN_BODY_BYTES = 10_000
READ_SECONDS = 60  # in which the client must read about 64 kB of a response that waits for it
CLOSE_SECONDS = 10  # for the last bytes of a response after the connection was closed
# Connections over the limit that are still answered, with a sentence; further ones are closed at once.
MAX_REFUSED = 100
SENTENCE = (
    "This site has too many connections at the moment. Please try again in a minute.\n"
    "지금은 접속이 너무 많아요. 잠시 뒤에 다시 시도해 주세요.\n"
)


async def refuse(scope: Scope, _receive: Receive, send: Send) -> None:
    """The application of connections over the limit."""
    body = SENTENCE.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", b"60"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


class LimitedProtocol(BoundedHttpProtocol):
    """Closes the connections of clients that are too slow, and refuses those over the limit of the process.

    One address may have a quarter of the connections.
    """

    share_of_address: ClassVar[float] = 0.25
    _by_address: ClassVar[Counter[str]] = Counter()
    _phase = ""  # what the client is sending: "head", "body", or nothing
    _body_bytes = 0  # since the timer was started
    _sending: TimerHandle | None = None  # the client must send more before it ends
    _reading: TimerHandle | None = None  # the client must read more before it ends

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._by_address[self._address] += 1
        limit = max_connections()
        excess = max(
            len(self.connections) - limit, self._by_address[self._address] - int(limit * self.share_of_address)
        )
        if excess > MAX_REFUSED:
            transport.abort()
        elif excess > 0:
            self.app = refuse
        self._sending = self.loop.call_later(HEAD_SECONDS, self.close)

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def connection_lost(self, exc: Exception | None) -> None:
        self._by_address[self._address] -= 1
        if not self._by_address[self._address]:
            del self._by_address[self._address]
        self._stop_sending()
        self._stop_reading()
        super().connection_lost(exc)

    def close(self) -> None:
        """Close the connection; what has not been sent after some seconds is discarded."""
        self.transport.close()
        self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    def timeout_keep_alive_handler(self) -> None:
        """Called when no request has followed."""
        self.close()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # Blank lines before a request end the keep-alive timer of uvicorn and begin no request.
        has_no_timer = self._sending is None and self.timeout_keep_alive_task is None
        is_idle = not self._phase and (self.cycle is None or self.cycle.response_complete)
        if has_no_timer and (self._phase or is_idle) and not self.transport.is_closing():
            self._start_sending()

    def on_message_begin(self) -> None:
        self._phase = "head"
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._phase = "body"
        self._stop_sending()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._phase = ""
        self._stop_sending()
        super().on_message_complete()

    def _start_sending(self) -> None:
        self._body_bytes = 0
        is_body = self._phase == "body"
        seconds, check = (BODY_SECONDS, self._check_body) if is_body else (HEAD_SECONDS, self.close)
        self._sending = self.loop.call_later(seconds, check)

    def _check_body(self) -> None:
        """Close the connection if too little of the body has come, unless the server itself made the client wait."""
        if self._body_bytes < MIN_BODY_BYTES and not self.flow.read_paused:
            self.close()
        else:
            self._start_sending()

    def _stop_sending(self) -> None:
        if self._sending:
            self._sending.cancel()
        self._sending = None

    def pause_writing(self) -> None:
        """Called when the client does not read as fast as the response is written."""
        super().pause_writing()
        self._reading = self.loop.call_later(READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Called when the client has read what waited for it."""
        self._stop_reading()
        super().resume_writing()

    def _stop_reading(self) -> None:
        if self._reading:
            self._reading.cancel()
        self._reading = None


class ProxiedProtocol(LimitedProtocol):
    """The same behind a proxy, which opens all connections."""

    share_of_address = 1.0


def protocol_for(proxies: int) -> type[LimitedProtocol]:
    """The protocol of a server with this number of proxies in front."""
    return ProxiedProtocol if proxies else LimitedProtocol
