"""The named people of the tests, each with a browser that requests pages and sends forms."""

import re
from functools import lru_cache
from secrets import token_urlsafe

from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert, select
from werkzeug.test import TestResponse

from madang.accounts.events import UserSignedUp
from madang.accounts.models import LoginSession, User
from madang.accounts.operations.signing_up import sign_up
from madang.accounts.queries.actors import actor_of, token_hash
from madang.core.actor import Actor
from madang.core.clock import now
from madang.core.db import db, rollback, transaction
from madang.core.events import emit

PASSWORD = "seven lanterns over water"
ROLES = {"dan": "moderator", "ruth": "admin"}
LOCALES = {"cho": "ko"}
BODY = "I tried the obvious things and none of them worked."


class Person:
    """A person with a browser (a test client). Without a username, a visitor."""

    def __init__(self, app: Flask, username: str | None = None, user_id: int | None = None) -> None:
        self.app = app
        self.username = username
        self.id = user_id
        self.client: FlaskClient = app.test_client()
        self._token = ""

    def get(self, path: str, **options: object) -> TestResponse:
        return self.client.get(path, **options)

    def page(self, path: str, status: int = 200) -> str:
        """Get a page, assert its `status`, and return its text."""
        response = self.get(path)
        assert response.status_code == status, f"{path}: {response.status_code}\n{response.text[:2000]}"
        return response.text

    def follow(self, response: TestResponse) -> str:
        """Follow a redirect and return the text of the page."""
        assert response.status_code in (301, 302, 303), response.text[:2000]
        return self.page(response.location.partition("#")[0])

    @property
    def token(self) -> str:
        """This browser's CSRF token, read from a page."""
        if not self._token:
            page = self.page("/" if self.username else "/auth/login")
            match = re.search(r'name="csrf[-_]token" (?:content|value)="([^"]+)"', page)
            assert match, page
            self._token = match[1]
        return self._token

    def post(self, path: str, *, headers: dict[str, str] | None = None, **fields: object) -> TestResponse:
        """Send a form with the CSRF token."""
        return self.client.post(path, data={"csrf_token": self.token, **fields}, headers=headers)

    def htmx(self, path: str, **fields: object) -> TestResponse:
        """Send a form as htmx does."""
        return self.post(path, headers={"HX-Request": "true"}, **fields)

    @property
    def actor(self) -> Actor:
        with self.app.app_context():
            return actor_of(db.session.scalars(select(User).where(User.id == self.id)).one())

    def ask(self, title: str = "How do I move a yard?", body: str = BODY, tags: str = "", board: str = "qa") -> int:
        """Create a post. Returns its id; the same words on the same board again return the first post."""
        response = self.post("/posts/new", board=board, title=title, body=body, tags=tags)
        assert response.status_code == 302, response.text
        return int(re.search(r"/posts/(\d+)", response.location)[1])

    def answer(self, question_id: int, body: str = "Lift it gently and walk slowly.") -> int:
        """Answer a question. Returns the answer's id; the same text again returns the first answer."""
        response = self.post(f"/posts/{question_id}/answers", body=body)
        assert response.status_code == 302, response.text
        return int(re.search(r"#answer-(\d+)", response.location)[1])

    def comment(self, post_id: int, body: str = "Which yard do you mean?", **fields: object) -> int:
        """Comment on a post. Returns the comment's id; the same text again returns the first comment.

        For many comments: `tests/comments/threads.py`.
        """
        response = self.post(f"/posts/{post_id}/comments", body=body, **fields)
        assert response.status_code == 302, response.text
        return int(re.search(r"#comment-(\d+)", response.location)[1])


class People:
    """The people by username, created on first access."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._people: dict[str, Person] = {}

    def __getitem__(self, username: str) -> Person:
        if username not in self._people:
            self._people[username] = self._create(username)
        return self._people[username]

    def _create(self, username: str) -> Person:
        """Sign a person up and log them in: write the rows of the two operations without running their checks."""
        person, moment, secret = Person(self.app, username), now(), token_urlsafe(32)
        account = _account(self.app, username) | {"created_at": moment, "last_seen_at": moment}
        login = {"token_hash": token_hash(secret), "is_remembered": False, "created_at": moment, "last_used_at": moment}
        with self.app.test_request_context(), transaction():
            person.id = db.write(insert(User.__table__), account).inserted_primary_key[0]
            emit(UserSignedUp(person.id))
            expires_at = moment + self.app.permanent_session_lifetime
            db.write(insert(LoginSession.__table__), {**login, "user_id": person.id, "expires_at": expires_at})
            session["_user_id"] = secret
            person._token = generate_csrf()
            cookie = self.app.session_interface.get_signing_serializer(self.app).dumps(dict(session))
        person.client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], cookie)
        return person

    def visitor(self) -> Person:
        return Person(self.app)


@lru_cache
def _account(app: Flask, username: str) -> dict[str, object]:
    """The row that `sign_up` writes for a person, except its id. The operation takes as long as a short test."""
    with app.test_request_context():
        user = sign_up(
            username=username,
            email=f"{username if username.isascii() else username.encode().hex()}@example.org",
            password=PASSWORD,
            password2=PASSWORD,
            locale=LOCALES.get(username, "en"),
            role=ROLES.get(username, "member"),
            now=now(),
        )
        row = {column.name: getattr(user, column.name) for column in User.__table__.columns if column.name != "id"}
        rollback()
    return row
