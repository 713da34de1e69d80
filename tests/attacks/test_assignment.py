"""Attacks on what a form does not offer: a role, a reputation or another person's id among its fields."""

import re

import pytest
from sqlalchemy import select

from madang.accounts.models import User
from madang.core.clock import now
from madang.core.db import db
from tests.api.programs import Program, program_of
from tests.people import PASSWORD

REGISTRATION = {"username": "nari", "email": "nari@example.org", "password": PASSWORD}
ADDED = {
    "role": "admin",
    "reputation": "9000",
    "id": "1",
    "user_id": "1",
    "is_admin": "1",
    "email_confirmed_at": "2020-01-01",
    "password_hash": "x",
    "suspended_until": "",
}


def row_of(app, username: str) -> dict[str, object]:
    columns = (User.id, User.role, User.reputation, User.email_confirmed_at, User.password_hash)
    with app.app_context():
        return dict(db.session.execute(select(*columns).where(User.username == username)).one()._mapping)


def test_a_form_ignores_fields_that_it_does_not_have(app, ann, visitor):
    before = row_of(app, "ann")
    assert ann.post("/settings", **{"display_name": "Ann", **ADDED}).status_code == 302
    assert ann.post("/settings/preferences", **{"locale": "en", "timezone": "UTC", **ADDED}).status_code == 302
    assert row_of(app, "ann") == before
    assert visitor.post("/auth/signup", **{**REGISTRATION, "password2": PASSWORD, **ADDED}).status_code == 302
    made = row_of(app, "nari")
    assert (made["role"], made["reputation"], made["email_confirmed_at"]) == ("member", 0, None)


@pytest.mark.parametrize("name", ADDED)
def test_the_api_refuses_fields_that_a_body_does_not_have(app, ann, name):
    before = row_of(app, "ann")
    for answer in (
        Program(app).post("/auth/register", {**REGISTRATION, name: ADDED[name]}),
        program_of(ann).patch("/me", {"display_name": "Ann", name: ADDED[name]}),
    ):
        assert answer.status_code == 422, answer.text
        assert list(answer.json["errors"]) == [name]
    assert row_of(app, "ann") == before


def test_a_post_belongs_to_whoever_sends_it(app, ann, bob):
    question = bob.ask("Whose question is this one?", body=f"Asked by Bob at {now():%H:%M}, and by nobody else.")
    fields = {"board": "qa", "title": "Is this a question of Bob's?", "body": "It is not, whatever the form says."}
    sent = ann.post("/posts/new", **fields, author_id=bob.id, user_id=bob.id, id=question)
    made = re.search(r"/posts/(\d+)", sent.location)[1]
    assert made != str(question)
    program = program_of(ann)
    assert program.read(f"/posts/{made}")["author"]["username"] == "ann"
    assert program.post("/posts", {**fields, "title": "Another one of Bob's?", "author_id": bob.id}).status_code == 422
