"""Process with many writers: `python -m bench.tools.writers SECONDS RATE`, with the members on standard input.

Standard input has one member a line, as JSON: `address` (host and port), `cookie`, `name`, `friend` (the name of the
next one) and `question` (the path of the next one's question). Each member has one open connection and writes one thing
after the other; with RATE above 0 all of them together begin so many writes a second, if earlier ones leave them time.
Prints JSON: `waits` (seconds of each write, from the moment it was due) and `refused` (status and text of the others).
"""

import json
import sys
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from urllib.parse import urlencode

from .site import TOKEN

WAIT_SECONDS = 120
KINDS = ("vote", "comment", "message", "vote", "comment", "vote", "post", "comment", "message", "vote")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Writer:
    """A member with an open connection."""

    address: tuple[str, int]
    cookie: str
    name: str
    friend: str
    question: str
    waits: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def connect(self) -> None:
        self._connection = HTTPConnection(*self.address, timeout=WAIT_SECONDS)
        self._connection.request("GET", "/settings", headers={"Cookie": self.cookie})
        token = TOKEN.search(self._connection.getresponse().read().decode())
        assert token is not None
        self._token = token[1]

    def write(self, number: int, due: float) -> None:
        """Send the form with this number and record how long it took since `due`."""
        path, fields = self._form(number)
        body = urlencode({"csrf_token": self._token, **fields})
        try:
            self._connection.request("POST", path, body, {"Cookie": self.cookie, **FORM})
            response = self._connection.getresponse()
            text, status = response.read().decode(), response.status
        except (OSError, HTTPException) as error:
            self._connection.close()
            text, status = repr(error), 0
        if status == 302:
            self.waits.append(time.monotonic() - due)
        else:
            self.refused.append(f"{path}: {status} {text[:200]}")

    def _form(self, number: int) -> tuple[str, dict[str, str]]:
        kind, words = KINDS[number % len(KINDS)], f"Number {number} of {self.name}: come to the yard."
        if kind == "vote":
            return f"{self.question}/votes", {"value": str(number // len(KINDS) % 2)}
        if kind == "comment":
            return f"{self.question}/comments", {"body": words}
        if kind == "message":
            return "/messages/new", {"to": self.friend, "title": "", "body": words}
        return "/posts/new", {"board": "qa", "title": words, "body": words, "tags": "yard"}


def write_all(writers: list[Writer], seconds: float, rate: float) -> None:
    """Let all write for some seconds, each in a thread of its own."""
    for writer in writers:
        writer.connect()
    numbers, began = count(), time.monotonic()

    def work(writer: Writer) -> None:
        while time.monotonic() - began < seconds:
            number = next(numbers)
            due = began + number / rate if rate else time.monotonic()
            time.sleep(max(0.0, due - time.monotonic()))
            writer.write(number, due)

    threads = [threading.Thread(target=work, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main(seconds: str, rate: str) -> None:
    writers = [Writer(**json.loads(line)) for line in sys.stdin]
    write_all(writers, float(seconds), float(rate))
    waits = [wait for writer in writers for wait in writer.waits]
    print(json.dumps({"waits": waits, "refused": [words for writer in writers for words in writer.refused]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
