"""HTTP load generator: requests a page on several open connections, on each one after the other.

`python -m bench.tools.load HOST PORT SECONDS CONNECTIONS PATH [COOKIE]` prints the number of responses. As a separate
process its work is not counted as the server's. `{n}` in the path is replaced by another number each time.
"""

import re
import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
NUMBERS = count(1)
WAIT_SECONDS = 30


class BadResponse(Exception):
    """The response is not complete, or has another status than expected."""


class Connection:
    """An open connection on which one path is requested repeatedly."""

    accepted: tuple[bytes, ...] = (b"HTTP/1.1 200",)

    def __init__(self, address: tuple[str, int], path: str, cookie: str = "") -> None:
        self.socket = socket.create_connection(address, timeout=WAIT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._before, self._after = _request(address, path, cookie)
        self._received: list[bytes] = []
        self._missing = 0

    def send(self) -> None:
        number = b"" if self._after is None else str(next(NUMBERS)).encode() + self._after
        self.socket.sendall(self._before + number)

    def read(self) -> bool:
        """Read what has arrived. Returns whether the response is complete."""
        data = self.socket.recv(262_144)
        if not data:
            raise BadResponse("the connection was closed")
        if not self._missing:
            self._received.append(data)
            return self._read_head()
        self._missing -= len(data)
        return self._missing <= 0

    def _read_head(self) -> bool:
        """Parse the length of the response once its headers are complete. Returns whether all of it is."""
        data = b"".join(self._received)
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return False
        self._received.clear()
        length = LENGTH.search(data, 0, end)
        if not data.startswith(self.accepted) or length is None:
            raise BadResponse(data[:200].decode("latin-1"))
        self._missing = int(length[1]) - (len(data) - end - 4)
        return self._missing <= 0

    def page(self) -> None:
        """Send a request and read the whole response."""
        self.send()
        while not self.read():
            pass


def _request(address: tuple[str, int], path: str, cookie: str) -> tuple[bytes, bytes | None]:
    head = f"Host: {address[0]}:{address[1]}\r\nAccept-Language: en\r\n" + (f"Cookie: {cookie}\r\n" if cookie else "")
    before, number, after = f"GET {path} HTTP/1.1\r\n{head}\r\n".partition("{n}")
    return before.encode(), after.encode() if number else None


@contextmanager
def connections(make: Callable[[], Connection], number: int) -> Iterator[list[Connection]]:
    """Open `number` connections until the block ends."""
    opened = [make() for _ in range(number)]
    try:
        yield opened
    finally:
        for each in opened:
            each.socket.close()


def generate_load(seconds: float, opened: list[Connection]) -> int:
    """Send requests on all connections at the same time for some seconds. Returns the number of responses."""
    response_count, end = 0, time.monotonic() + seconds
    with selectors.DefaultSelector() as ready:
        for each in opened:
            ready.register(each.socket, selectors.EVENT_READ, each)
            each.send()
        while time.monotonic() < end:
            for key, _events in ready.select(1):
                if key.data.read():
                    response_count += 1
                    key.data.send()
    return response_count


def main(host: str, port: str, seconds: str, number: str, path: str, cookie: str = "") -> None:
    with connections(lambda: Connection((host, int(port)), path, cookie), int(number)) as opened:
        print(generate_load(float(seconds), opened))


if __name__ == "__main__":
    main(*sys.argv[1:])
