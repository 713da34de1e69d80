"""Readers, a writer and listeners who use a site through nginx while its processes are replaced."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from http.cookies import SimpleCookie
from time import monotonic, sleep
from urllib.parse import urlencode

from tests.faults.people import Answer, Person
from tests.faults.site import soon
from tests.timing import TIMEOUT_SECONDS

from .nginx import NAME, Nginx, trusting

READERS, REQUESTS_PER_SECOND = 10, 48  # of all readers; the writer sends more
STREAMS_PER_PERSON = 5
RETRY_SECONDS = 1


class Client(Person):
    """A person whose browser talks to nginx over one connection, which stays open."""

    def __init__(self, name: str, nginx: Nginx) -> None:
        super().__init__(name, nginx.port)
        self.connection = nginx.connect()

    def headers(self) -> dict[str, str]:
        own = {"Host": NAME, "Referer": f"https://{NAME}/"}
        return own | ({"Cookie": self.cookie} if self.cookies else {})

    def _request(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        self.connection.request(method, path, body or None, {**self.headers(), **(headers or {})})
        response = self.connection.getresponse()
        text = response.read().decode(errors="replace")
        for line in response.headers.get_all("Set-Cookie") or ():
            for cookie in SimpleCookie(line).values():
                self.cookies[cookie.key] = cookie.value
        return Answer(response.status, response.headers.get("Location", ""), text)


@dataclass
class Traffic:
    """What was requested and what came of it."""

    nginx: Nginx
    paths: list[str]
    question: str
    writer: Client
    listeners: list[Client]
    failures: list[str] = field(default_factory=list)
    seconds: list[tuple[float, float]] = field(default_factory=list)  # when a request began, and how long it took
    written: list[str] = field(default_factory=list)  # the addresses of the answers that were acknowledged
    heard: list[dict[int, int]] = field(default_factory=list)  # of each listener: ids of answers, and how often
    reconnects: int = 0
    connected: int = 0
    _sockets: set[socket.socket] = field(default_factory=set)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _is_silent: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator["Traffic"]:
        """Requests and listeners in threads, until the block ends."""
        streams = [person for person in self.listeners for _stream in range(STREAMS_PER_PERSON)]
        self.heard = [{} for _stream in streams]
        calls: list[Callable[[], None]] = [lambda number=number: self._read(number) for number in range(READERS)]
        calls += [
            lambda one=one, heard=heard: self._listen(one, heard)
            for one, heard in zip(streams, self.heard, strict=True)
        ]
        with ThreadPoolExecutor(len(calls) + 1) as pool:
            running: list[Future[None]] = [pool.submit(call) for call in calls]
            try:
                assert soon(lambda: self.connected == len(streams)), "the listeners do not connect"
                running.append(pool.submit(self._write))
                yield self
            finally:
                self._stopped.set()
                for each in tuple(self._sockets):
                    with suppress(OSError):
                        each.shutdown(socket.SHUT_RDWR)
        for each in running:
            each.result()

    def ids(self) -> set[int]:
        """The ids of the answers that were acknowledged."""
        return {int(address.rpartition("-")[2]) for address in self.written}

    def everybody_has_heard(self) -> bool:
        """Stop writing, and wait until each listener has each answer."""
        self._is_silent.set()
        return soon(lambda: all(self.ids() <= set(heard) for heard in self.heard))

    def slowest_ms(self, since: float) -> float:
        """The longest request that began at `since` (of `monotonic`) or later."""
        return 1000 * max(seconds for began, seconds in list(self.seconds) if began + seconds >= since)

    def _timed(self, what: str, request: Callable[[], Answer], wanted: int) -> Answer | None:
        began, answer = monotonic(), None
        try:
            answer = request()
        except (OSError, HTTPException) as error:
            self.failures.append(f"{what}: {error!r}")
        else:
            if answer.status != wanted:
                self.failures.append(f"{what}: {answer.status} {answer.text[:200]}")
        self.seconds.append((began, monotonic() - began))
        return answer

    def _read(self, number: int) -> None:
        client = Client("", self.nginx)
        while not self._stopped.is_set():
            began = monotonic()
            path = self.paths[number % len(self.paths)]
            self._timed(path, lambda path=path: client.get(path), 200)
            number += 1
            sleep(max(0.0, READERS / REQUESTS_PER_SECOND - (monotonic() - began)))
        client.connection.close()

    def _write(self) -> None:
        number = 0
        while not self._stopped.is_set():
            if self._is_silent.is_set():
                self._stopped.wait(0.1)
                continue
            number += 1
            body = f"Answer {number}: behind the gate, where the bench stands."
            answer = self._timed(
                "answer", lambda body=body: self.writer.post(f"{self.question}/answers", body=body), 302
            )
            if answer is not None and answer.status == 302:
                self.written.append(answer.location)
            sleep(0.2)

    def _listen(self, person: Client, heard: dict[int, int]) -> None:
        """Keep a stream open as a browser does: reconnect after the time that it names, with the last event's id."""
        last_id, retry_seconds, is_first = "", RETRY_SECONDS, True
        topic = urlencode({"topic": f"post:{self.question.split('/')[2]}"})
        while not self._stopped.is_set():
            connection = HTTPSConnection("127.0.0.1", self.nginx.port, context=trusting(), timeout=TIMEOUT_SECONDS)
            with closing(connection), suppress(OSError, HTTPException):
                connection.connect()
                own = connection.sock
                self._sockets.add(own)
                resumed = {"Last-Event-ID": last_id} if last_id else {}
                connection.request("GET", f"/events?{topic}", headers={**person.headers(), **resumed})
                response = connection.getresponse()
                if response.status != 200:
                    self.failures.append(f"/events: {response.status}")
                self.connected += is_first
                is_first = False
                name = ""
                for line in iter(response.readline, b""):
                    key, _colon, value = line.decode().rstrip("\n").partition(": ")
                    if key == "event":
                        name = value
                    elif key == "id":
                        last_id = value
                    elif key == "retry":
                        retry_seconds = int(value) / 1000
                    elif key == "data" and name == "answer_posted":
                        number = json.loads(value)["answer_id"]
                        heard[number] = heard.get(number, 0) + 1
                self._sockets.discard(own)
            if not self._stopped.is_set():
                self.reconnects += 1
                self._stopped.wait(retry_seconds)
