"""The named people of the tests, each a client that sends requests as a browser does."""

import re
from typing import Any

from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.test import TestResponse

from madang.accounts.models import User
from madang.accounts.operations.signing_up import sign_up
from madang.accounts.queries.actors import actor_of
from madang.accounts.views.sessions import open_session
from madang.core.actor import Actor
from madang.core.clock import now
from madang.core.db import db, transaction

PASSWORD = "seven lanterns over water"
ROLES = {"dan": "moderator", "ruth": "admin"}
LOCALES = {"cho": "ko"}
BODY = "I tried the obvious things and none of them worked."


class Person:
    """A visitor or member with a test client: pages, forms and the CSRF token."""

    def __init__(self, app: Flask, username: str | None = None, user_id: int | None = None) -> None:
        self.app = app
        self.username = username
        self.id = user_id
        self.client: FlaskClient = app.test_client()
        self._token = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def page(self, path: str, status: int = 200) -> str:
        """The text of a page; asserts the status."""
        response = self.get(path)
        assert response.status_code == status, f"{path}: {response.status_code}\n{response.text[:2000]}"
        return response.text

    def follow(self, response: TestResponse) -> str:
        """The page that a redirect leads to."""
        assert response.status_code in (301, 302, 303), response.text[:2000]
        return self.page(response.location.partition("#")[0])

    @property
    def token(self) -> str:
        """The CSRF token of the session, read from a page."""
        if not self._token:
            page = self.page("/" if self.username else "/auth/login")
            found = re.search(r'name="csrf[-_]token" (?:content|value)="([^"]+)"', page)
            assert found, page
            self._token = found[1]
        return self._token

    def post(self, path: str, *, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        """Send a form."""
        return self.client.post(path, data={"csrf_token": self.token, **fields}, headers=headers)

    def htmx(self, path: str, **fields: Any) -> TestResponse:
        """Send a form as htmx does."""
        return self.post(path, headers={"HX-Request": "true"}, **fields)

    @property
    def actor(self) -> Actor:
        with self.app.app_context():
            return actor_of(db.session.scalars(select(User).where(User.id == self.id)).one())

    def ask(self, title: str = "How do I move a yard?", body: str = BODY, tags: str = "", board: str = "qa") -> int:
        """Write a post; returns its id."""
        response = self.post("/posts/new", board=board, title=title, body=body, tags=tags)
        assert response.status_code == 302, response.text
        return int(re.search(r"/posts/(\d+)", response.location)[1])

    def answer(self, question_id: int, body: str = "Lift it gently and walk slowly.") -> int:
        """Answer a question; returns the answer's id."""
        response = self.post(f"/posts/{question_id}/answers", body=body)
        assert response.status_code == 302, response.text
        return int(re.search(r"#answer-(\d+)", response.location)[1])

    def comment(self, post_id: int, body: str = "Which yard do you mean?", **fields: Any) -> int:
        """Comment on a post; returns the comment's id."""
        response = self.post(f"/posts/{post_id}/comments", body=body, **fields)
        assert response.status_code == 302, response.text
        return int(re.search(r"#comment-(\d+)", response.location)[1])


class People:
    """The people of the tests, created at first use: `people["ann"]`."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._people: dict[str, Person] = {}

    def __getitem__(self, username: str) -> Person:
        if username not in self._people:
            self._people[username] = self._make(username)
        return self._people[username]

    def _make(self, username: str) -> Person:
        """Create an account and its session by operations, without requests."""
        person = Person(self.app, username)
        with self.app.test_request_context(), transaction():
            user = sign_up(
                username=username,
                email=f"{username}@example.org",
                password=PASSWORD,
                password2=PASSWORD,
                locale=LOCALES.get(username, "en"),
                role=ROLES.get(username, "member"),
                now=now(),
            )
            person.id = user.id
            open_session(user, is_remembered=False)
            person._token = generate_csrf()
            session_data = dict(session)
        with person.client.session_transaction() as client_session:
            client_session.update(session_data)
        return person

    def visitor(self) -> Person:
        return Person(self.app)
