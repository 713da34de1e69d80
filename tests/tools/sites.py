"""A local web server with scripted responses."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Answer = bytes | Callable[[socket.socket], object]


def page(body: str | bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK", **headers: str) -> bytes:
    """A complete HTTP response."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def redirect_to(address: str, status: str = "302 Found") -> bytes:
    return page("", status=status, Location=address)


class Site:
    """A server with a response for each path; records the requests. With a `context` it speaks TLS."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[str] = []
        self.context: ssl.SSLContext | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ended = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self._listener.accept()
                threading.Thread(target=self._greet, args=(connection,), daemon=True).start()

    def _greet(self, connection: socket.socket) -> None:
        with suppress(OSError):  # an `SSLError` is one
            self._answer(self.context.wrap_socket(connection, server_side=True) if self.context else connection)

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            received = b""
            while b"\r\n\r\n" not in received and received[:3] in (b"", b"GET") and (piece := connection.recv(4096)):
                received += piece
            if received[:3] != b"GET":
                return
            self.requests.append(received.decode("latin-1"))
            answer = self.answers.get(
                received.split(b" ")[1].decode("latin-1"), page("nothing", status="404 Not Found")
            )
            if isinstance(answer, bytes):
                connection.sendall(answer)
            else:
                answer(connection)

    def drip(self, piece: bytes, seconds: float) -> Callable[[socket.socket], None]:
        """An endless response: `render_macro` every `seconds`."""

        def send(connection: socket.socket) -> None:
            while not self._ended.is_set():
                connection.sendall(piece)
                self._ended.wait(seconds)

        return send

    def close(self) -> None:
        self._ended.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()
    try:
        yield site
    finally:
        site.close()
