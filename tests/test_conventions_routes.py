"""Our conventions for addresses: who may write where, and how many questions a page asks of the database."""

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
FOR_EVERYBODY = {
    "/setup": "nobody has an account yet; the code from the terminal opens it",
    "/auth/login": "who logs in is not logged in",
    "/auth/signup": "who signs up has no account yet",
    "/auth/logout": "ends whatever session there is; nothing happens to a visitor",
    "/auth/forgot": "who forgot the password cannot log in",
    "/auth/reset/<token>": "the token from the mail opens it",
    "/unsubscribe/<token>": "the token from the mail opens it, and a mail program sends it by itself",
    "/guest/change": "a guest's; nothing happens to others",
}
# Here a visitor becomes a guest, and writes what is their own alone.
OF_GUESTS = ("/guest", "/todos", "/posts/<int:post_id>/todo", "/jobs", "/tools", "/messages", "/notifications/read")
WITHOUT_CSRF = {"/unsubscribe/<token>"}  # RFC 8058: the sender is a mail program
FILLED = {"int": "1", "default": "words", "string": "words", "path": "words", "uuid": "0" * 8}
MOST_QUERIES = 6


def _rules(app: Flask) -> list[Rule]:
    """The addresses of pages that take forms; the API's have tests of their own (tests/api)."""
    rules = [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/api/")]
    return [rule for rule in rules if rule.methods and rule.methods & UNSAFE]


def _makes_guests(app: Flask, rule: Rule) -> bool:
    """Whether what is written there belongs to guests too: whoever is nobody yet becomes one and writes their own."""
    return getattr(app.view_functions[rule.endpoint], "makes_guests", False)


def _filled(rule: Rule) -> str:
    """The address of a rule with something in its places."""
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda place: FILLED[place[1] or "default"], rule.rule)


def test_visitors_write_nothing_but_where_it_is_said(whole_app, visitor):
    for rule in _rules(whole_app):
        for method in rule.methods & UNSAFE:
            if rule.rule in FOR_EVERYBODY or _makes_guests(whole_app, rule):
                continue
            answer = visitor.client.open(_filled(rule), method=method, data={"csrf_token": visitor.token})
            assert answer.status_code == 302, f"{method} {rule.rule} answers a visitor with {answer.status_code}"
            assert answer.location.startswith("/auth/login"), f"{method} {rule.rule}"


def test_guests_write_nothing_that_others_read(whole_app):
    made = {rule.rule for rule in _rules(whole_app) if _makes_guests(whole_app, rule)}
    assert {rule for rule in made if not rule.startswith(OF_GUESTS)} == set()


def test_the_list_of_open_addresses_is_of_addresses_that_exist(whole_app):
    assert set(FOR_EVERYBODY) - {rule.rule for rule in _rules(whole_app)} == set()


@pytest.mark.parametrize("token", [None, "", "forged", "한글 \U0001f3e1"])
def test_no_address_takes_a_form_without_its_token(whole_app, ann, token):
    fields = {} if token is None else {"csrf_token": token}
    for rule in _rules(whole_app):
        for method in (rule.methods & UNSAFE) if rule.rule not in WITHOUT_CSRF else ():
            answer = ann.client.open(_filled(rule), method=method, data=fields)
            assert answer.status_code == 400, f"{method} {rule.rule} answers {answer.status_code}"


def test_a_token_of_another_browser_is_refused(ann, bob):
    assert ann.client.post("/posts/new", data={"csrf_token": bob.token, "board": "qa"}).status_code == 400


class Statements(list[str]):
    """What is asked of the database; `while_rendering` while a template prints."""

    while_rendering: int = 0


@contextmanager
def _counted(app: Flask) -> Iterator[Statements]:
    statements, rendering = Statements(), []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)
        statements.while_rendering += bool(rendering)

    def begin(_sender: Flask, **_values: Any) -> None:
        rendering.append(True)

    def end(_sender: Flask, **_values: Any) -> None:
        rendering.pop()

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    with before_render_template.connected_to(begin, app), template_rendered.connected_to(end, app):
        try:
            yield statements
        finally:
            event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def asked(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """A function that gives what a page asks of the database, once the process has what it keeps for every page."""
    monkeypatch.setattr("madang.core.ttl_cache.monotonic", lambda: 0.0)  # nothing grows too old meanwhile

    def ask(person, path: str) -> Statements:
        clear_all()
        person.page(path)
        with _counted(app) as statements:
            person.page(path)
        assert len(statements) <= MOST_QUERIES, "\n\n".join(statements)
        assert statements.while_rendering == 0, "\n\n".join(statements)
        return statements

    return ask


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
def test_a_list_asks_as_much_for_forty_posts_as_for_five(ann, bob, visitor, asked, path):
    people = (visitor, bob)
    for number in range(5):
        ann.ask(f"Question number {number}?", tags="yard")
    before = [len(asked(person, path)) for person in people]
    for number in range(5, 40):
        ann.ask(f"Question number {number}?", tags=f"yard tag{number}")
    assert [len(asked(person, path)) for person in people] == before


def test_a_question_asks_as_much_with_twenty_answers_as_with_two(ann, bob, cho, dan, visitor, asked):
    question = ann.ask(tags="yard")
    people = (visitor, ann, bob, dan)
    for number in range(20):
        answer = bob.answer(question, f"Answer number {number} is this.")
        for remark in ("one remark", "another"):
            cho.comment(answer, f"{remark} on number {number}")
        if number == 1:
            before = [len(asked(person, f"/posts/{question}")) for person in people]
    assert [len(asked(person, f"/posts/{question}")) for person in people] == before


def test_messages_ask_as_much_for_many_as_for_few(ann, bob, cho, people, asked):
    ann.post("/messages/new", to="bob cho", body="Shall we meet at the well?")
    group = re.search(r"/messages/(\d+)", ann.page("/messages").partition('class="rows"')[2])[1]
    before = [len(asked(ann, path)) for path in ("/messages", f"/messages/{group}")]
    for number in range(12):
        people[f"person{number}"].post("/messages/new", to="ann bob", body=f"Letter number {number}.")
        for person in (bob, cho):
            person.post(f"/messages/{group}", body=f"Answer number {number}.")
    ann.page(f"/messages/{group}")
    assert [len(asked(ann, path)) for path in ("/messages", f"/messages/{group}")] == before


@pytest.mark.parametrize("path", ["/boards", "/auth/login", "/auth/signup", "/nowhere"])
def test_other_pages_print_without_asking(whole_app, app, visitor, path):
    visitor.get(path)
    with _counted(app) as statements:
        visitor.get(path)
    assert statements.while_rendering == 0
