"""People with browsers that speak to a real server: each request is a new connection."""

import http.client
import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode

from tests.timing import PATIENCE_SECONDS

PASSWORD = "nine quiet herons at dawn"
TOKEN = re.compile(r'name="csrf[-_]token" (?:content|value)="([^"]+)"')
ANSWER_SECONDS = PATIENCE_SECONDS
AGAIN_SECONDS = 0.05
LONGEST_SECONDS = 120
MOMENTARY = (429, 503)


@dataclass
class Answer:
    status: int
    location: str
    text: str


class Person:
    """Somebody with a browser: cookies and the CSRF token."""

    def __init__(self, name: str, port: int) -> None:
        self.name, self.port = name, port
        self.cookies: dict[str, str] = {}
        self._token = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form. Raises OSError or HTTPException when the server goes away meanwhile."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode({"csrf_token": self._token, **fields}), form)

    def post_until_taken(self, path: str, **fields: str) -> str:
        """Send a form again and again until the server says that it is done; the address that it leads to."""
        until = monotonic() + LONGEST_SECONDS
        while True:
            try:
                answer = self.post(path, **fields)
            except (OSError, http.client.HTTPException):
                answer = None
            if answer is not None and answer.status == 302:
                return answer.location
            assert answer is None or answer.status in MOMENTARY, f"{path}: {answer.status}\n{answer.text[:2000]}"
            assert monotonic() < until, f"{path} was never taken: {answer}"
            sleep(AGAIN_SECONDS)

    def sign_up(self) -> None:
        """Make an account by the form, and read the token of the session that has begun."""
        self._read_token("/auth/signup")
        fields = {"username": self.name, "email": f"{self.name}@example.org"}
        answer = self.post("/auth/signup", **fields, password=PASSWORD, password2=PASSWORD)
        assert answer.status == 302, answer.text
        self._read_token("/")

    def log_in(self) -> None:
        self.cookies.clear()
        self._read_token("/auth/login")
        answer = self.post("/auth/login", username=self.name, password=PASSWORD)
        assert answer.status == 302, answer.text
        self._read_token("/")

    @contextmanager
    def listening(self, *topics: str) -> Iterator["Events"]:
        """The live stream of this person."""
        with closing(socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_SECONDS)) as connection:
            query = urlencode([("topic", topic) for topic in topics])
            head = f"GET /events?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self._cookie()}\r\n\r\n"
            connection.sendall(head.encode())
            events = Events(connection)
            assert events.next("hello")
            yield events

    def _read_token(self, path: str) -> None:
        page = self.get(path)
        found = TOKEN.search(page.text)
        assert found, f"{path}: {page.status}\n{page.text[:2000]}"
        self._token = found[1]

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _ask(self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)) as connection:
            connection.request(method, path, body.encode(), {"Cookie": self._cookie(), **(headers or {})})
            response = connection.getresponse()
            text = response.read().decode()
        for line in response.headers.get_all("Set-Cookie") or ():
            for cookie in SimpleCookie(line).values():
                self.cookies[cookie.key] = cookie.value
        return Answer(response.status, response.headers.get("Location", ""), text)


class Events:
    """What comes over a stream."""

    def __init__(self, connection: socket.socket) -> None:
        self._lines = connection.makefile("r", encoding="utf-8", newline="\n")

    def next(self, name: str) -> dict[str, Any]:
        """The payload of the next event of this name, which comes before long."""
        is_it, until = False, monotonic() + ANSWER_SECONDS
        for line in self._lines:
            assert monotonic() < until, f"{name} did not come"
            if line.startswith("event: "):
                is_it = line.strip() == f"event: {name}"
            if is_it and line.startswith("data: "):
                return json.loads(line.removeprefix("data: "))
        raise AssertionError("the stream has ended")
