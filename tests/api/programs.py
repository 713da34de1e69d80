"""A client of the API with an optional token."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.people import PASSWORD, Person

V1 = "/api/v1"


class Program:
    """A program that calls the API with `token`, or anonymously."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.token = token

    def call(self, method: str, path: str, json: object = None, **options: object) -> TestResponse:
        """Call `path`, relative to /api/v1 or absolute."""
        headers = dict(options.pop("headers", None) or {})
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        body = {} if json is None else {"json": json}
        return self.client.open(V1 + path.removeprefix(V1), method=method, headers=headers, **body, **options)

    def get(self, path: str, **options: object) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, json: object = None, **options: object) -> TestResponse:
        return self.call("POST", path, json, **options)

    def put(self, path: str, json: object = None, **options: object) -> TestResponse:
        return self.call("PUT", path, json, **options)

    def patch(self, path: str, json: object = None, **options: object) -> TestResponse:
        return self.call("PATCH", path, json, **options)

    def delete(self, path: str, **options: object) -> TestResponse:
        return self.call("DELETE", path, **options)

    def read(self, path: str, **options: object) -> Any:
        """Return the JSON at a path; fail unless the status is 200."""
        response = self.get(path, **options)
        assert response.status_code == 200, response.text
        return response.json

    def walk(self, path: str, limit: int = 1) -> list[Any]:
        """Return all items of a list, read page by page."""
        items, cursor, join = [], None, "&" if "?" in path else "?"
        while True:
            page = self.read(f"{path}{join}limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
            assert len(page["items"]) <= limit
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items


def tokens_of(person: Person) -> dict[str, Any]:
    """Log in through the API; return the tokens."""
    answer = Program(person.app).post("/auth/login", {"username": person.username, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return answer.json


def program_of(person: Person) -> Program:
    """Return a program with an access token of `person`."""
    return Program(person.app, tokens_of(person)["access_token"])
