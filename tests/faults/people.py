"""Test users that send requests to a real server, each over a new connection."""

import http.client
import json
import re
import secrets
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlencode

from tests.timing import TIMEOUT_SECONDS

PASSWORD = "nine quiet herons at dawn"
TOKEN = re.compile(r'name="csrf[-_]token" (?:content|value)="([^"]+)"')
ANSWER_SECONDS = TIMEOUT_SECONDS
RETRY_SECONDS = 0.05
MAX_RETRY_SECONDS = 120
MAX_SIDE_BY_SIDE = 8
TEMPORARY = (429, 503)


@dataclass
class Answer:
    status: int
    location: str
    text: str
    retry_after: int = 0


class Person:
    """A user with cookies and a CSRF token."""

    def __init__(self, name: str, port: int) -> None:
        self.name, self.port = name, port
        self.cookies: dict[str, str] = {}
        self.refusals: list[str] = []  # of what was accepted later
        self._token = ""

    def get(self, path: str) -> Answer:
        return self._request("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form. Raises OSError or HTTPException when the server dies during the request."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._request("POST", path, urlencode({"csrf_token": self._token, **fields}).encode(), form)

    def send_picture(self, content: bytes) -> Answer:
        """Upload a picture as the editor does."""
        boundary = secrets.token_hex(16)
        token = f'Content-Disposition: form-data; name="csrf_token"\r\n\r\n{self._token}\r\n'
        file = 'Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        head = f"--{boundary}\r\n{token}--{boundary}\r\n{file}"
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        return self._request("POST", "/files", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def send_json(self, path: str, token: str = "", **fields: str) -> Answer:
        """Send a call of the API, with a token instead of cookies."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        return Person("", self.port)._request("POST", f"/api/v1{path}", json.dumps(fields).encode(), headers)

    def post_until_accepted(self, path: str, **fields: str) -> str:
        """Send a form until the server acknowledges it; returns the address of the redirect."""
        return self._until_accepted(lambda: self.post(path, **fields), 302, TEMPORARY).location

    def send_picture_until_accepted(self, content: bytes) -> str:
        """Upload a picture until the server acknowledges it; returns its address. 422: its decoder was killed."""
        answer = self._until_accepted(lambda: self.send_picture(content), 201, (*TEMPORARY, 422))
        return json.loads(answer.text)["url"]

    def _until_accepted(self, send: Callable[[], Answer], wanted: int, temporary: tuple[int, ...]) -> Answer:
        until = monotonic() + MAX_RETRY_SECONDS
        while True:
            try:
                answer = send()
            except (OSError, http.client.HTTPException) as error:
                self.refusals.append(repr(error))
                answer = None
            if answer is not None and answer.status == wanted:
                return answer
            if answer is not None:
                self.refusals.append(f"{answer.status} {answer.text[:500]}")
            assert answer is None or answer.status in temporary, f"{answer.status}\n{answer.text[:2000]}"
            assert monotonic() < until, f"it was never accepted: {answer}"
            sleep(RETRY_SECONDS)

    def sign_up(self) -> None:
        """Create an account by the form, and read the CSRF token of the new session."""
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
        """Open the event stream of this user."""
        with closing(socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_SECONDS)) as connection:
            query = urlencode([("topic", topic) for topic in topics])
            head = f"GET /events?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n\r\n"
            connection.sendall(head.encode())
            events = Events(connection)
            assert events.next("hello")
            yield events

    def _read_token(self, path: str) -> None:
        page = self.get(path)
        found = TOKEN.search(page.text)
        assert found, f"{path}: {page.status}\n{page.text[:2000]}"
        self._token = found[1]

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _request(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)) as connection:
            connection.request(method, path, body, {"Cookie": self.cookie, **(headers or {})})
            response = connection.getresponse()
            text = response.read().decode(errors="replace")  # pictures too
        for line in response.headers.get_all("Set-Cookie") or ():
            for cookie in SimpleCookie(line).values():
                self.cookies[cookie.key] = cookie.value
        return Answer(
            response.status, response.headers.get("Location", ""), text, int(response.headers.get("Retry-After", 0))
        )


class Events:
    """The events of a stream."""

    def __init__(self, connection: socket.socket) -> None:
        self._lines = connection.makefile("r", encoding="utf-8", newline="\n")

    def next(self, name: str) -> dict[str, Any]:
        """Wait for the next event of this name; returns its payload."""
        is_wanted, until = False, monotonic() + ANSWER_SECONDS
        for line in self._lines:
            assert monotonic() < until, f"{name} did not come"
            if line.startswith("event: "):
                is_wanted = line.strip() == f"event: {name}"
            if is_wanted and line.startswith("data: "):
                return json.loads(line.removeprefix("data: "))
        raise AssertionError("the stream has ended")


@contextmanager
def side_by_side() -> Iterator[Callable[..., Future[Answer]]]:
    """A function that begins a request in a thread of its own; all have ended after the `with`."""
    with ThreadPoolExecutor(MAX_SIDE_BY_SIDE) as pool:
        yield pool.submit
