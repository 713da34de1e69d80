"""A program that calls the API: it knows a token and reads JSON."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.people import PASSWORD, Person

V1 = "/api/v1"


class Program:
    """A program, calling as somebody by `token`, or as nobody."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.token = token

    def call(self, method: str, path: str, json: Any = None, **options: Any) -> TestResponse:
        """Call `path` under /api/v1."""
        headers = dict(options.pop("headers", None) or {})
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        body = {} if json is None else {"json": json}
        return self.client.open(V1 + path.removeprefix(V1), method=method, headers=headers, **body, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.call("POST", path, json, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.call("PUT", path, json, **options)

    def patch(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.call("PATCH", path, json, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.call("DELETE", path, **options)

    def read(self, path: str, **options: Any) -> Any:
        """The JSON at a path, which answers with 200."""
        response = self.get(path, **options)
        assert response.status_code == 200, response.text
        return response.json

    def walk(self, path: str, limit: int = 1) -> list[Any]:
        """Every thing of a list, read page after page."""
        found, cursor, join = [], None, "&" if "?" in path else "?"
        while True:
            page = self.read(f"{path}{join}limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
            assert len(page["items"]) <= limit
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found


def tokens_of(person: Person) -> dict[str, Any]:
    """A log-in by the API."""
    answer = Program(person.app).post("/auth/login", {"username": person.username, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return answer.json


def program_of(person: Person) -> Program:
    """A program that has logged in as `person`."""
    return Program(person.app, tokens_of(person)["access_token"])
