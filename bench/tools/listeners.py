"""Process with many open event streams: `python -m bench.tools.listeners HOST PORT COOKIES TOPIC COUNT`.

COOKIES is a file with one cookie a line, each for MAX_STREAMS listeners. Prints JSON, one line each: once when all are
open (`seconds`), and for every `answer_posted` that all have received (`answer_id`, `heard`: the moment of each
listener by `time.monotonic`, which all processes of a machine share). Ends when standard input ends.
"""

import json
import re
import resource
import select
import socket
import sys
import time
from pathlib import Path

MAX_STREAMS = 10
MAX_OPENING = 64
WAIT_SECONDS = 60
ANSWER = re.compile(rb"event: answer_posted\ndata: (\{[^\n]*\})\n\n")
HELLO = b"event: hello\n"


def allow_files() -> None:
    """Raise the limit of open files of this process and its children to the hard limit."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Listeners:
    """Event streams read by one epoll loop."""

    def __init__(self, address: tuple[str, int], topic: str, cookies: list[str], count: int) -> None:
        self.address, self.count = address, count
        self._requests = [
            f"GET /events?topic={topic} HTTP/1.1\r\nHost: bench\r\nCookie: {cookies[number // MAX_STREAMS]}\r\n\r\n"
            for number in range(count)
        ]
        self._ready = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._opening: dict[int, bytes] = {}
        self._received: dict[int, list[float]] = {}

    def open_all(self) -> float:
        """Open all streams, `MAX_OPENING` at a time. Returns the seconds until each has its first event."""
        started = time.monotonic()
        while len(self._sockets) < self.count or self._opening:
            while len(self._opening) < MAX_OPENING and len(self._sockets) < self.count:
                self._open(self._requests[len(self._sockets)])
            if time.monotonic() - started > WAIT_SECONDS:
                raise TimeoutError(f"{len(self._sockets) - len(self._opening)} of {self.count} are open")
            self.read(1)
        return time.monotonic() - started

    def _open(self, request: str) -> None:
        opened = socket.create_connection(self.address, timeout=WAIT_SECONDS)
        opened.sendall(request.encode())
        opened.setblocking(False)
        self._sockets[opened.fileno()] = opened
        self._opening[opened.fileno()] = b""
        self._ready.register(opened.fileno(), select.EPOLLIN)

    def read(self, seconds: float) -> None:
        """Read what arrives within `seconds`. Raises `ConnectionError` if a stream ends."""
        for number, _kind in self._ready.poll(seconds, 512):
            if number == sys.stdin.fileno():
                raise SystemExit
            data = self._sockets[number].recv(65_536)
            if not data:
                raise ConnectionError(f"a stream has ended: {self._opening.get(number)!r}")
            if number in self._opening:
                self._read_hello(number, data)
            for payload in ANSWER.findall(data):
                self._record(json.loads(payload)["answer_id"])

    def _read_hello(self, number: int, data: bytes) -> None:
        self._opening[number] += data
        if HELLO in self._opening[number]:
            del self._opening[number]

    def _record(self, answer_id: int) -> None:
        moments = self._received.setdefault(answer_id, [])
        moments.append(time.monotonic())
        if len(moments) == self.count:
            print(json.dumps({"answer_id": answer_id, "heard": self._received.pop(answer_id)}), flush=True)

    def listen(self) -> None:
        self._ready.register(sys.stdin.fileno(), select.EPOLLIN)
        while True:
            self.read(60)


def main(host: str, port: str, cookies: str, topic: str, count: str) -> None:
    allow_files()
    listeners = Listeners((host, int(port)), topic, Path(cookies).read_text().split("\n"), int(count))
    print(json.dumps({"seconds": listeners.open_all()}), flush=True)
    listeners.listen()


if __name__ == "__main__":
    main(*sys.argv[1:])
