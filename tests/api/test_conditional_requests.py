"""Conditional requests: a changed response is never answered with 304."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask

from madang.core.db import db
from madang.core.server.gateway import Gateway
from tests.api.programs import V1, Program, program_of, tokens_of
from tests.asgi import AsgiResponse, ask, run
from tests.people import People, Person


@dataclass
class CachingClient:
    """A client that stores the ETag of each path and sends it as If-None-Match."""

    gateway: Gateway
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> AsgiResponse:
        sent = {**self.headers, **headers}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if path in self.tags:
            sent["If-None-Match"] = self.tags[path]
        base, _mark, query = path.partition("?")
        (answer,) = run(ask(self.gateway, V1 + base, query=query.encode(), headers=sent))
        self.tags[path] = answer.header("ETag") or self.tags.get(path, "")
        return answer

    def read_twice(self, *paths: str) -> None:
        """Read these paths twice; the second responses must be 304."""
        for status in (200, 304):
            assert {self.get(path).status for path in paths} == {status}


@pytest.fixture
def gateway(app: Flask) -> Gateway:
    app.config["PAGE_CACHE_SECONDS"] = 0
    return Gateway(app)


@pytest.fixture
def question(ann: Person) -> int:
    return ann.ask()


@pytest.fixture
def hers(gateway: Gateway, ann: Person) -> CachingClient:
    return CachingClient(gateway, tokens_of(ann)["access_token"])


def _rename(ann: Person, _bob: Person, _post: int) -> None:
    assert program_of(ann).patch("/me", {"display_name": "Ann of the yard"}).status_code == 200


CHANGES: dict[str, tuple[Callable[[Person, Person, int], object], str]] = {
    "an edit": (lambda ann, bob, post: program_of(ann).patch(f"/posts/{post}", {"title": "How do I lift a yard?"}), ""),
    "a vote": (lambda ann, bob, post: program_of(bob).put(f"/posts/{post}/vote", {"value": 1}), ""),
    "a comment": (lambda ann, bob, post: bob.comment(post), ""),
    "the comment itself": (lambda ann, bob, post: bob.comment(post), "/comments"),
    "an answer": (lambda ann, bob, post: bob.answer(post), ""),
    "the answer itself": (lambda ann, bob, post: bob.answer(post), "/answers"),
    "the author's name": (_rename, ""),
    "deletion": (lambda ann, bob, post: program_of(ann).delete(f"/posts/{post}"), ""),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("who", ["visitor", "bob"])
def test_an_etag_is_stale_right_after(gateway, ann, bob, question, change, who):
    program = CachingClient(gateway, tokens_of(bob)["access_token"] if who == "bob" else None)
    cause, below = CHANGES[change]
    paths = (f"/posts/{question}{below}", "/posts")
    program.read_twice(*paths)
    cause(ann, bob, question)
    one, many = (program.get(path) for path in paths)
    assert one.status == (410 if change == "deletion" else 200)
    assert many.status == 200


def test_the_callers_own_vote_is_in_nobody_elses_response(gateway, hers, bob, people: People, question):
    path = f"/posts/{question}/vote"
    voted, other = (
        CachingClient(gateway, tokens_of(bob)["access_token"]),
        CachingClient(gateway, tokens_of(people["eve"])["access_token"]),
    )
    program_of(bob).put(path, {"value": 1})
    voted.read_twice(path)
    other.tags[path] = voted.tags[path]
    assert other.get(path).status == 200


def test_another_selection_of_fields_has_another_etag(hers, question):
    path = f"/posts/{question}"
    hers.read_twice(path)
    hers.tags[f"{path}?fields=id"] = hers.tags[path]
    assert hers.get(f"{path}?fields=id").status == 200


def test_a_revoked_token_is_refused_at_once(gateway, ann, question):
    program = program_of(ann)
    made = program.post("/me/tokens", {"name": "poll", "scopes": ["read"]}).json
    copies = CachingClient(gateway, made["secret"])
    copies.read_twice(f"/posts/{question}")
    assert program.delete(f"/me/tokens/{made['token']['id']}").status_code == 204
    assert copies.get(f"/posts/{question}").status == 401


def test_a_session_is_refused_right_after_log_out(app, hers, question):
    hers.read_twice(f"/posts/{question}")
    assert Program(app, hers.token).post("/auth/logout").status_code == 204
    assert hers.get(f"/posts/{question}").status == 401


def test_a_write_of_another_process_changes_the_etag(app, hers, question):
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    path = f"/posts/{question}"
    hers.read_twice(path)
    write = (
        "import sys, sqlalchemy as a; engine = a.create_engine(sys.argv[1]); connection = engine.connect(); "
        "connection.execute(a.text('UPDATE posts SET view_count = view_count + 1')); connection.commit()"
    )
    subprocess.run([sys.executable, "-c", write, url], check=True)
    assert hers.get(path).status == 200


def test_no_response_carries_internal_headers(hers, question):
    path = f"/posts/{question}"
    for _time in range(2):
        assert not [name for name, _value in hers.get(path).headers if name.startswith("x-madang")]
