"""A small client: keeps connections open and asks for pages, one after the other on each.

`python -m bench.tools.load HOST PORT SECONDS CONNECTIONS PATH [COOKIE]` prints how many answers came. It runs in a
process of its own, so that its work is not counted as the server's. `{n}` in the path becomes another number each time.
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


class BadAnswer(Exception):
    """The server said something else than a page."""


class Connection:
    """One open connection."""

    def __init__(self, address: tuple[str, int], path: str, cookie: str = "") -> None:
        self.socket = socket.create_connection(address, timeout=WAIT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._before, self._after = _request(address, path, cookie)
        self._received: list[bytes] = []
        self._missing = 0

    def ask(self) -> None:
        number = b"" if self._after is None else str(next(NUMBERS)).encode() + self._after
        self.socket.sendall(self._before + number)

    def read(self) -> bool:
        """Take what has come; True once the answer is complete."""
        data = self.socket.recv(262_144)
        if not data:
            raise BadAnswer("the connection was closed")
        if not self._missing:
            self._received.append(data)
            return self._begin()
        self._missing -= len(data)
        return self._missing <= 0

    def _begin(self) -> bool:
        """The head of an answer says how long it is."""
        data = b"".join(self._received)
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return False
        self._received.clear()
        length = LENGTH.search(data, 0, end)
        if not data.startswith(b"HTTP/1.1 200") or length is None:
            raise BadAnswer(data[:200].decode("latin-1"))
        self._missing = int(length[1]) - (len(data) - end - 4)
        return self._missing <= 0

    def page(self) -> None:
        """Ask, and wait for the whole answer."""
        self.ask()
        while not self.read():
            pass


def _request(address: tuple[str, int], path: str, cookie: str) -> tuple[bytes, bytes | None]:
    head = f"Host: {address[0]}:{address[1]}\r\nAccept-Language: en\r\n" + (f"Cookie: {cookie}\r\n" if cookie else "")
    before, number, after = f"GET {path} HTTP/1.1\r\n{head}\r\n".partition("{n}")
    return before.encode(), after.encode() if number else None


@contextmanager
def connections(make: Callable[[], Connection], number: int) -> Iterator[list[Connection]]:
    opened = [make() for _ in range(number)]
    try:
        yield opened
    finally:
        for each in opened:
            each.socket.close()


def ask_for(seconds: float, opened: list[Connection]) -> int:
    """Ask on all connections at once for some seconds; returns the number of answers."""
    answers, end = 0, time.monotonic() + seconds
    with selectors.DefaultSelector() as ready:
        for each in opened:
            ready.register(each.socket, selectors.EVENT_READ, each)
            each.ask()
        while time.monotonic() < end:
            for key, _events in ready.select(1):
                if key.data.read():
                    answers += 1
                    key.data.ask()
    return answers


def main(host: str, port: str, seconds: str, number: str, path: str, cookie: str = "") -> None:
    with connections(lambda: Connection((host, int(port)), path, cookie), int(number)) as opened:
        print(ask_for(float(seconds), opened))


if __name__ == "__main__":
    main(*sys.argv[1:])
