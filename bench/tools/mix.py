"""HTTP load generator for a mix of requests: `python -m bench.tools.mix PLAN`, where PLAN is a JSON file (`Plan`).

Sends requests on several open connections, on each one after the other, and prints JSON: for each kind of request the
seconds that each one took. As a separate process its work is not counted as the server's.
"""

import json
import random
import selectors
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from .load import BadResponse, Connection, connections

WORDS = ("server", "마당", "python", "how", "데이터", "yard", "question", "게시판", "answer", "질문", "cache", "the")
WATCHED_SHARE = 0.1  # of the answers go to the question that everybody listens to
# Kinds of requests with their weights.
VISITOR = {"question": 50, "list": 20, "home": 10, "tag": 10, "search": 5, "person": 5}
MEMBER = {
    "question": 40,
    "list": 16,
    "home": 8,
    "tag": 4,
    "search": 4,
    "person": 2,
    "notifications": 4,
    "feed": 2,
    "vote": 10,
    "comment": 5,
    "answer": 4,
    "ask": 1,
}


class Plan(NamedTuple):
    """What one generator does: as visitors if `members` (pairs of cookie and CSRF token) is empty."""

    host: str
    port: int
    seconds: float
    connections: int
    members: list[tuple[str, str]]
    questions: list[int]
    tags: list[str]
    people: list[str]
    watched: int


class MixedConnection(Connection):
    """An open connection of one person, on which requests of many kinds are sent."""

    accepted = (b"HTTP/1.1 200", b"HTTP/1.1 302", b"HTTP/1.1 303")

    def __init__(self, plan: Plan, choice: random.Random, member: tuple[str, str] | None) -> None:
        super().__init__((plan.host, plan.port), "/")
        self.plan, self.choice, self.member = plan, choice, member
        self.kind, self.request, self.sent_at = "", b"", 0.0
        mix = MEMBER if member else VISITOR
        self._kinds, self._weights = list(mix), list(mix.values())
        self._head = f"Host: {plan.host}:{plan.port}\r\nAccept-Language: en\r\n"
        if member:
            self._head += f"Cookie: {member[0]}\r\n"

    def send(self) -> None:
        self.kind = self.choice.choices(self._kinds, self._weights)[0]
        self.request = self._request()
        self.sent_at = time.monotonic()
        self.socket.sendall(self.request)

    def _request(self) -> bytes:
        plan, pick = self.plan, self.choice.choice
        question = pick(plan.questions)
        match self.kind:
            case "question":
                return self._get(f"/posts/{question}")
            case "list":
                return self._get(f"/questions?page={self.choice.randint(1, min(20, len(plan.questions) // 30))}")
            case "home":
                return self._get("/")
            case "tag":
                return self._get(f"/tags/{quote(pick(plan.tags))}")
            case "search":
                return self._get(f"/search?q={quote(pick(WORDS))}+{quote(pick(WORDS))}")
            case "person":
                return self._get(f"/users/{quote(pick(plan.people))}")
            case "notifications" | "feed":
                return self._get(f"/{self.kind}")
            case "vote":
                return self._post(f"/posts/{question}/votes", value=pick(("1", "0")))
            case "comment":
                return self._post(f"/posts/{question}/comments", body=self._text(20))
            case "answer":
                is_watched = self.choice.random() < WATCHED_SHARE
                return self._post(f"/posts/{plan.watched if is_watched else question}/answers", body=self._text(60))
        return self._post("/posts/new", board="qa", title=self._text(8), body=self._text(100), tags="yard")

    def _text(self, words: int) -> str:
        """Random words; none is a link or a mention, and no two texts are the same."""
        return " ".join((*self.choice.choices(WORDS, k=words), f"{self.choice.getrandbits(64):x}"))

    def _get(self, path: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\n{self._head}\r\n".encode()

    def _post(self, path: str, **fields: str) -> bytes:
        assert self.member
        body = urlencode({"csrf_token": self.member[1], **fields})
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return f"POST {path} HTTP/1.1\r\n{self._head}{kind}\r\n{body}".encode()


def generate(plan: Plan) -> dict[str, list[float]]:
    """Send requests on all connections for some seconds. Returns the seconds of each request by its kind."""
    choice, taken = random.Random(1), defaultdict(list)
    people = iter([*(plan.members or [None])] * plan.connections)
    end = time.monotonic() + plan.seconds
    with (
        connections(lambda: MixedConnection(plan, choice, next(people)), plan.connections) as opened,
        selectors.DefaultSelector() as ready,
    ):
        for each in opened:
            ready.register(each.socket, selectors.EVENT_READ, each)
            each.send()
        while time.monotonic() < end:
            for key, _events in ready.select(1):
                try:
                    is_complete = key.data.read()
                except BadResponse as error:
                    raise BadResponse(f"{key.data.request!r}: {error}") from error
                if is_complete:
                    taken[key.data.kind].append(time.monotonic() - key.data.sent_at)
                    key.data.send()
    return taken


if __name__ == "__main__":
    values = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps(generate(Plan(**{**values, "members": [(each[0], each[1]) for each in values["members"]]}))))
