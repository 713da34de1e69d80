"""People who call every route of a site with random arguments: pages, forms and the API."""

import json
import random
import re
import string
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlencode

from werkzeug.routing import Rule

from .site import PASSWORD, TOKEN, Server

READS_SHARE = 0.85
ANSWER_SECONDS = 120
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# The event stream does not end, a closed site would answer nothing else, and the others end what the person needs.
LEFT_OUT = {"/events", "/auth/logout", "/settings/leave/delete", "/settings/sessions/end-others", "/setup"}
PLACE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>")
WORDS = ("qa", "talk", "yard", "ruth", "ko", "python", "마당", "게시판", "how do I", "a.webp", "데이터베이스", "%", "")
FIELDS = (
    "board", "title", "body", "tags", "value", "version", "summary", "reason", "parent_id", "key", "username", "email",
    "next", "display_name", "bio", "website", "location", "locale", "timezone", "theme", "excerpt", "code", "to",
    "name", "content", "into", "slug", "kind", "position", "target", "text", "question_id", "days",
)  # fmt: skip
QUERIES = (
    "q",
    "page",
    "sort",
    "tag",
    "board",
    "tab",
    "title",
    "next",
    "to",
    "before",
    "after",
    "limit",
    "cursor",
    "id",
)


class Wanderer:
    """A visitor or member with one open connection; `choice` decides everything that is random."""

    def __init__(self, server: Server, rules: list[Rule], choice: random.Random, cookie: str = "") -> None:
        self.server, self.cookie, self.choice = server, cookie, choice
        kept = [rule for rule in rules if rule.rule not in LEFT_OUT and rule.endpoint != "static"]
        self._reads = sorted((rule for rule in kept if "GET" in (rule.methods or ())), key=str)
        self._writes = sorted((rule for rule in kept if (rule.methods or set()).intersection(UNSAFE)), key=str)
        self._connection = HTTPConnection(*server.address, timeout=ANSWER_SECONDS)
        self._token = self._read_token() if cookie else ""
        self.statuses: dict[int, int] = {}
        self.failures: list[str] = []

    def wander(self, requests: int) -> None:
        """Send so many requests, one after the other."""
        for _ in range(requests):
            if self.choice.random() < READS_SHARE:
                self._send("GET", self.choice.choice(self._reads))
            else:
                rule = self.choice.choice(self._writes)
                self._send(self.choice.choice(sorted((rule.methods or set()).intersection(UNSAFE))), rule)

    def _send(self, method: str, rule: Rule) -> None:
        path = PLACE.sub(lambda place: self._argument(place[1]), rule.rule) + self._query()
        body, headers = "", {"Accept-Language": self.choice.choice(("ko", "en"))}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if method != "GET" and rule.rule.startswith("/api/"):
            body, headers["Content-Type"] = json.dumps(self._fields()), "application/json"
            headers["X-CSRF-Token"] = self._token
        elif method != "GET":
            fields = {name: str(value) for name, value in self._fields().items()}
            body = urlencode({**fields, "csrf_token": self._token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        status, text = self._answer(method, path, body, headers)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status >= 500:
            self.failures.append(f"{method} {path}: {status} {text[:200]}")

    def _answer(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
        for is_last in (False, True):
            try:
                self._connection.request(method, path, body.encode() or None, headers)
                response = self._connection.getresponse()
                return response.status, response.read().decode("utf-8", "replace")
            except (OSError, HTTPException):  # the server may close a connection that it has kept for long
                self._connection.close()
                if is_last:
                    raise
        raise AssertionError

    def _argument(self, converter: str | None) -> str:
        return str(self._number()) if converter == "int" else quote(self._word() or "x", safe="")

    def _number(self) -> int:
        return self.choice.choice((1, 2, 3, 0, 10**6, self.choice.randint(1, 5_000), self.choice.randint(1, 5_000)))

    def _word(self) -> str:
        letters = string.ascii_lowercase + "가나다라마바사아자차카타파하"
        return self.choice.choice((*WORDS, "".join(self.choice.choices(letters, k=self.choice.randint(1, 12)))))

    def _text(self) -> str:
        return " ".join(self._word() for _ in range(self.choice.randint(3, 200)))

    def _fields(self) -> dict[str, Any]:
        makers = (self._word, self._text, self._number)
        chosen = self.choice.sample(FIELDS, self.choice.randint(0, 6))
        fields: dict[str, Any] = {name: self.choice.choice(makers)() for name in chosen}
        return {"board": "qa", "title": self._text()[:80], "body": self._text(), "password": PASSWORD, **fields}

    def _query(self) -> str:
        chosen = self.choice.sample(QUERIES, self.choice.choice((0, 0, 1, 2)))
        values = {name: self.choice.choice((self._word, self._number))() for name in chosen}
        return f"?{urlencode(values)}" if values else ""

    def _read_token(self) -> str:
        self._connection.request("GET", "/", headers={"Cookie": self.cookie})
        found = TOKEN.search(self._connection.getresponse().read().decode())
        assert found, "the person is not logged in"
        return found[1]
