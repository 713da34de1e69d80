"""A program that asks whether its copy is still right: never told so wrongly, whoever has written what."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask

from madang.core.db import db
from madang.core.server.gateway import Gateway
from tests.asgi import Answered, ask, run
from tests.people import People, Person

from .programs import V1, Program, program_of, tokens_of


@dataclass
class Copies:
    """A program before the whole site. It keeps the tag of what it has read of each address."""

    gateway: Gateway
    token: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def look(self, path: str, **headers: str) -> Answered:
        told = {**self.headers, **headers}
        if self.token:
            told["Authorization"] = f"Bearer {self.token}"
        if path in self.tags:
            told["If-None-Match"] = self.tags[path]
        where, _mark, query = path.partition("?")
        (answer,) = run(ask(self.gateway, V1 + where, query=query.encode(), headers=told))
        self.tags[path] = answer.header("ETag") or self.tags.get(path, "")
        return answer

    def settle(self, *paths: str) -> None:
        """Read these, and be told that the copies are right."""
        for status in (200, 304):
            assert {self.look(path).status for path in paths} == {status}


@pytest.fixture
def gateway(app: Flask) -> Gateway:
    app.config["PAGE_CACHE_SECONDS"] = 0
    return Gateway(app)


@pytest.fixture
def question(ann: Person) -> int:
    return ann.ask()


@pytest.fixture
def hers(gateway: Gateway, ann: Person) -> Copies:
    return Copies(gateway, tokens_of(ann)["access_token"])


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
def test_a_copy_is_wrong_at_once_after(gateway, ann, bob, question, change, who):
    program = Copies(gateway, tokens_of(bob)["access_token"] if who == "bob" else None)
    cause, below = CHANGES[change]
    paths = (f"/posts/{question}{below}", "/posts")
    program.settle(*paths)
    cause(ann, bob, question)
    one, many = (program.look(path) for path in paths)
    assert one.status == (410 if change == "deletion" else 200)
    assert many.status == 200


def test_a_vote_of_ones_own_is_nobody_elses(gateway, hers, bob, people: People, question):
    path = f"/posts/{question}/vote"
    voted, other = (
        Copies(gateway, tokens_of(bob)["access_token"]),
        Copies(gateway, tokens_of(people["eve"])["access_token"]),
    )
    program_of(bob).put(path, {"value": 1})
    voted.settle(path)
    other.tags[path] = voted.tags[path]
    assert other.look(path).status == 200


def test_another_choice_of_fields_has_a_copy_of_its_own(hers, question):
    path = f"/posts/{question}"
    hers.settle(path)
    hers.tags[f"{path}?fields=id"] = hers.tags[path]
    assert hers.look(f"{path}?fields=id").status == 200


def test_a_token_that_was_taken_back_is_refused_at_once(gateway, ann, question):
    program = program_of(ann)
    made = program.post("/me/tokens", {"name": "poll", "scopes": ["read"]}).json
    copies = Copies(gateway, made["secret"])
    copies.settle(f"/posts/{question}")
    assert program.delete(f"/me/tokens/{made['token']['id']}").status_code == 204
    assert copies.look(f"/posts/{question}").status == 401


def test_who_has_logged_out_is_refused_at_once(app, hers, question):
    hers.settle(f"/posts/{question}")
    assert Program(app, hers.token).post("/auth/logout").status_code == 204
    assert hers.look(f"/posts/{question}").status == 401


def test_what_another_process_writes_counts_too(app, hers, question):
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    path = f"/posts/{question}"
    hers.settle(path)
    write = (
        "import sys, sqlalchemy as a; engine = a.create_engine(sys.argv[1]); connection = engine.connect(); "
        "connection.execute(a.text('UPDATE posts SET view_count = view_count + 1')); connection.commit()"
    )
    subprocess.run([sys.executable, "-c", write, url], check=True)
    assert hers.look(path).status == 200


def test_no_answer_tells_how_it_was_made(hers, question):
    path = f"/posts/{question}"
    for _time in range(2):
        assert not [name for name, _value in hers.look(path).headers if name.startswith("x-madang")]
