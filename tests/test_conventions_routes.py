"""Conventions for routes: who may write where, and how many queries a page executes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, before_render_template, template_rendered
from sqlalchemy import event
from werkzeug.routing import Rule

from madang.core.db import db
from madang.core.ttl_cache import clear_all

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
PUBLIC_FORMS = {
    "/setup": "there is no account yet; the code from the terminal authorises it",
    "/auth/login": "the caller is not logged in yet",
    "/auth/signup": "the caller has no account yet",
    "/auth/logout": "ends the session; has no effect for a visitor",
    "/auth/forgot": "without the password nobody can log in",
    "/auth/confirm/<token>": "the token from the mail authorises it",
    "/auth/reset/<token>": "the token from the mail authorises it",
    "/unsubscribe/<token>": "the token from the mail authorises it, and mail programs send it",
    "/guest/change": "for guests; has no effect for others",
}
# Here a visitor becomes a guest, who writes private data only.
OF_GUESTS = ("/guest", "/todos", "/posts/<int:post_id>/todo", "/jobs", "/tools", "/messages", "/notifications/read")
WITHOUT_CSRF = {"/unsubscribe/<token>"}  # RFC 8058: the sender is a mail program
EXAMPLES = {"int": "1", "default": "words", "string": "words", "path": "words", "uuid": "0" * 8}
MAX_QUERIES = 6


def form_rules(app: Flask) -> list[Rule]:
    """The rules of pages that take forms; the API is tested in tests/api."""
    rules = [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/api/")]
    return [rule for rule in rules if rule.methods and rule.methods & UNSAFE]


def _makes_guests(app: Flask, rule: Rule) -> bool:
    """Whether the view creates a guest account for an anonymous caller."""
    return getattr(app.view_functions[rule.endpoint], "makes_guests", False)


def example_path(rule: Rule) -> str:
    """The path of a rule with example values for its parameters."""
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda place: EXAMPLES[place[1] or "default"], rule.rule)


def test_visitors_can_only_use_public_forms(whole_app, visitor):
    for rule in form_rules(whole_app):
        for method in rule.methods & UNSAFE:
            if rule.rule in PUBLIC_FORMS or _makes_guests(whole_app, rule):
                continue
            answer = visitor.client.open(example_path(rule), method=method, data={"csrf_token": visitor.token})
            assert answer.status_code == 302, f"{method} {rule.rule} answers a visitor with {answer.status_code}"
            assert answer.location.startswith("/auth/login"), f"{method} {rule.rule}"


def test_guests_can_only_write_private_data(whole_app):
    guest_forms = {rule.rule for rule in form_rules(whole_app) if _makes_guests(whole_app, rule)}
    assert {rule for rule in guest_forms if not rule.startswith(OF_GUESTS)} == set()


def test_listed_public_forms_exist(whole_app):
    assert set(PUBLIC_FORMS) - {rule.rule for rule in form_rules(whole_app)} == set()


@pytest.mark.parametrize("token", [None, "", "forged", "한글 \U0001f3e1"])
def test_every_form_requires_its_csrf_token(whole_app, ann, token):
    fields = {} if token is None else {"csrf_token": token}
    for rule in form_rules(whole_app):
        for method in (rule.methods & UNSAFE) if rule.rule not in WITHOUT_CSRF else ():
            answer = ann.client.open(example_path(rule), method=method, data=fields)
            assert answer.status_code == 400, f"{method} {rule.rule} answers {answer.status_code}"


def test_a_csrf_token_of_another_browser_is_refused(ann, bob):
    assert ann.client.post("/posts/new", data={"csrf_token": bob.token, "board": "qa"}).status_code == 400


class Statements(list[str]):
    """The executed statements; `while_rendering` counts those during the rendering of a template."""

    while_rendering: int = 0


@contextmanager
def recorded_statements(app: Flask) -> Iterator[Statements]:
    statements, rendering = Statements(), []

    def record(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)
        statements.while_rendering += bool(rendering)

    def begin(_sender: Flask, **_values: Any) -> None:
        rendering.append(True)

    def end(_sender: Flask, **_values: Any) -> None:
        rendering.pop()

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", record)
    with before_render_template.connected_to(begin, app), template_rendered.connected_to(end, app):
        try:
            yield statements
        finally:
            event.remove(engine, "before_cursor_execute", record)


@pytest.fixture
def statements_of(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """A function that returns the statements of a page when the process-wide caches are filled."""
    monkeypatch.setattr("madang.core.ttl_cache.monotonic", lambda: 0.0)  # no cached value expires during the test

    def get_statements(person, path: str) -> Statements:
        clear_all()
        person.page(path)
        with recorded_statements(app) as statements:
            person.page(path)
        assert len(statements) <= MAX_QUERIES, "\n\n".join(statements)
        assert statements.while_rendering == 0, "\n\n".join(statements)
        return statements

    return get_statements


LISTS = [
    "/",
    "/questions",
    "/questions?sort=active",
    "/questions?sort=votes",
    "/boards/qa",
    "/questions?tag=yard",
    "/tags",
]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_forty_posts_has_the_queries_of_a_list_of_five(ann, bob, visitor, statements_of, path):
    people = (visitor, bob)
    for number in range(5):
        ann.ask(f"Question number {number}?", tags="yard")
    before = [len(statements_of(person, path)) for person in people]
    for number in range(5, 40):
        ann.ask(f"Question number {number}?", tags=f"yard tag{number}")
    assert [len(statements_of(person, path)) for person in people] == before


def test_a_question_with_twenty_answers_has_the_queries_of_one_with_two(ann, bob, cho, dan, visitor, statements_of):
    question = ann.ask(tags="yard")
    people = (visitor, ann, bob, dan)
    for number in range(20):
        answer = bob.answer(question, f"Answer number {number} is this.")
        for remark in ("one remark", "another"):
            cho.comment(answer, f"{remark} on number {number}")
        if number == 1:
            before = [len(statements_of(person, f"/posts/{question}")) for person in people]
    assert [len(statements_of(person, f"/posts/{question}")) for person in people] == before


def test_many_messages_have_the_queries_of_few(ann, bob, cho, people, statements_of):
    ann.post("/messages/new", to="bob cho", body="Shall we meet at the well?")
    group = re.search(r"/messages/(\d+)", ann.page("/messages").partition('class="rows"')[2])[1]
    before = [len(statements_of(ann, path)) for path in ("/messages", f"/messages/{group}")]
    for number in range(12):
        people[f"person{number}"].post("/messages/new", to="ann bob", body=f"Letter number {number}.")
        for person in (bob, cho):
            person.post(f"/messages/{group}", body=f"Answer number {number}.")
    ann.page(f"/messages/{group}")
    assert [len(statements_of(ann, path)) for path in ("/messages", f"/messages/{group}")] == before


@pytest.mark.parametrize("path", ["/boards", "/auth/login", "/auth/signup", "/nowhere"])
def test_other_templates_execute_no_query(whole_app, app, visitor, path):
    visitor.get(path)
    with recorded_statements(app) as statements:
        visitor.get(path)
    assert statements.while_rendering == 0
