"""HTTP/1.1 with a bound on the head of a request: the parser has none, and it works in the event loop for everybody."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 64 * 1024  # of the address and all headers
HEADER_COST = 64  # bytes for which each header counts besides its own
FIRST_REQUEST_SECONDS = 2.0  # for the request of a connection that was accepted just before the server was stopped
LAST_REQUEST_SECONDS = 0.1  # for a request that was under way to an idle connection when the server was stopped


class HeadTooLong(ValueError):
    """Ends the parsing of a request."""


class BoundedHttpProtocol(HttpToolsProtocol):
    """Refuses a request with a too long head with 400, and closes its connection.

    When the server stops, idle connections are closed. A proxy takes a connection that is closed while it sends a
    request for an error, so what has been sent by then is still answered.
    """

    _is_in_head = _has_just_begun = _is_stopping = False
    _received = _parsed = 0  # bytes of this head, the former without the data in which it began

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_in_head and not self._has_just_begun and not self.transport.is_closing():
            self._received += len(data)
            if self._received > MAX_HEAD_BYTES:  # a header that does not end is not parsed
                self.send_400_response("The headers of this request are too long.")
        self._has_just_begun = False

    def on_message_begin(self) -> None:
        self._is_in_head = self._has_just_begun = True
        self._received = self._parsed = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value) + HEADER_COST)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        super().on_headers_complete()
        if self._is_stopping and self.cycle is not None:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """Close the connection as soon as no request is under way. Called once, when the server stops."""
        self._is_stopping = True
        if self.cycle is None or self.cycle.response_complete:
            if self.timeout_keep_alive_task is not None:
                self.timeout_keep_alive_task.cancel()
            seconds = FIRST_REQUEST_SECONDS if self.cycle is None else LAST_REQUEST_SECONDS
            self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)
        else:
            super().shutdown()

    def _count(self, size: int) -> None:
        self._parsed += size
        if self._parsed > MAX_HEAD_BYTES:
            raise HeadTooLong
