"""Log-in does not tell whether somebody has a name or address."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer
from sqlalchemy import event

from madang.accounts.models import User
from madang.accounts.operations.addresses import give_address
from madang.core.clock import at, now
from madang.core.db import db, transaction
from tests.accounts.logins import guess_from_everywhere, ticket_of, try_log_in, wait_of

pytestmark = pytest.mark.usefixtures("login_limits")

VARYING_HEADERS = ("Content-Security-Policy", "X-Request-ID", "Content-Length")
VARYING_TEXT = re.compile(
    r'nonce="[^"]*"|(csrf[-_]token|ticket)" [^>]*(content|value)="[^"]*"|"ticket": "[^"]*"|data-at="[^"]*"|av-\d'
)


@pytest.mark.parametrize(
    "forms",
    [
        ("{}", "{upper}", " {} ", "{}\u200b"),
        ("{}@example.org", "{upper}@Example.ORG", "{}@ｅｘａｍｐｌｅ.org", "{}@example。org"),
        ("{}@bücher.kr", "{upper}@xn--bcher-kva.kr", "{}@BÜCHER.kr", "{}@bücher．kr"),
        ("é{}@example.org", "É{}@example.org", "É{upper}@example.org", "e\u0301{}@example.org"),
    ],
    ids=["name", "address", "domain", "local part"],
)
@pytest.mark.parametrize("known", [True, False])
def test_all_forms_of_a_name_or_address_share_a_count_whether_or_not_somebody_has_it(app, stranger, ann, forms, known):
    if known and "@" in forms[0]:
        with app.app_context(), transaction() as session:
            give_address(session.get_one(User, ann.id), forms[0].format("ann"), confirmed_at=now())
    name = "ann" if known else "nobodyhere"
    typed = [form.format(name, upper=name.upper()) for form in forms]
    assert [try_log_in(stranger(), one, "a wrong password").status_code for one in typed] == [422, 422, 422, 429]
    if known:
        assert try_log_in(stranger(), typed[0]).status_code == 429


def test_a_name_and_an_address_are_not_shown_to_belong_together(ann, stranger):
    """One count for both would tell strangers which address a member has."""
    guess_from_everywhere(stranger, 3)
    for address in ("ann@example.org", "bob@example.org"):
        assert guess_from_everywhere(stranger, 4, address) == [422, 422, 422, 429]


@pytest.mark.parametrize(
    ("known", "unknown"),
    [("ann", "nobodyhere"), ("ann@example.org", "nobodyhere@example.org"), ("ＡＮＮ", "ＮＯＢＯＤＹ")],
)
def test_nothing_tells_a_name_that_somebody_has_from_another(ann, stranger, known, unknown):
    """Status, text, headers, cookies, waits and tickets, until a ticket was used, by page and API."""
    assert _observed(stranger, known) == _observed(stranger, unknown)


def _observed(stranger, name: str) -> list[object]:
    observed, responses, waiting = [], [], stranger()
    responses += [try_log_in(stranger(), name, "a wrong password") for _time in range(4)]
    responses.append(try_log_in(waiting, name, "a wrong password"))
    with at(now() + timedelta(seconds=wait_of(responses[-1]))):
        responses.append(try_log_in(waiting, name, "a wrong password", ticket=ticket_of(responses[-1])))
    credentials = {"username": name, "password": "a wrong password"}
    for program in (stranger().client, stranger().client):
        responses.append(program.post("/api/v1/auth/login", json=credentials))
    for response in responses:
        headers = sorted((key, value) for key, value in response.headers if key not in VARYING_HEADERS)
        text = VARYING_TEXT.sub("", response.text).replace(f'value="{name}"', "")
        observed.append((response.status_code, text, headers))
    return observed


def test_a_ticket_says_nothing_about_the_account_or_the_network(ann, stranger):
    readable = []
    for name in ("ann", "ann@example.org", "nobodyhere"):
        guess_from_everywhere(stranger, 3, name)
        owner = stranger()
        ticket = ticket_of(try_log_in(owner, name))
        text = json.dumps(URLSafeSerializer("the key of somebody else").loads_unsafe(ticket)[1])
        assert owner.client.environ_base["REMOTE_ADDR"] not in text and "ann" not in text
        readable.append(re.sub("[0-9a-f]", "0", text))
    assert len(set(readable)) == 1


@pytest.mark.parametrize("path", ["/auth/login", "/auth/forgot", "/auth/signup"])
def test_the_work_is_the_same_whether_or_not_somebody_has_the_address(app, ann, stranger, path):
    """The database runs the same statements; refused log-ins run none that look for the account."""
    app.config["EMAIL_CONFIRMATION"] = True
    fields = {"password": "a wrong password of theirs", "password2": "a wrong password of theirs"}
    statements = []
    for number, address in enumerate(("ann@example.org", "nobodyhere@example.org")):
        persons = [stranger() for _time in range(5)]
        assert all(person.token for person in persons)
        with statements_of(app) as run:
            for turn, person in enumerate(persons):
                name = address if path == "/auth/login" else f"nari{number}{turn}"
                person.post(path, username=name, email=address, **fields)
        statements.append([statement for statement in run if "users" in statement or "jobs" in statement])
    assert statements[0] == statements[1] and statements[0]
    if path == "/auth/login":
        assert len(statements[0]) == 3, "one for each try that was not refused"


@contextmanager
def statements_of(app: Flask) -> Iterator[list[str]]:
    """The statements that the database runs in the block."""
    run: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        run.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        event.remove(engine, "before_cursor_execute", note)
