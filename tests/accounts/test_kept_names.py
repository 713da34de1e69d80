"""Names that nobody can register: those of guests, and numbers, which are ids of accounts."""

import re

import pytest

from madang.accounts.operations.guests import make_guest
from madang.accounts.policies.usernames import is_handle, username_problem
from madang.core.clock import now
from madang.importing.operations.usernames import choose_usernames
from tests.accounts.legacy import set_username
from tests.accounts.test_guests import handle_on
from tests.accounts.test_sign_up import REGISTRATION
from tests.api.programs import Program, program_of

pytestmark = pytest.mark.each_database

HANDLES = ("1zzzzz", "1ZZZZZ", "7Km2Qx", "１ｚｚｚｚｚ", "1bc12３", "1abcde", "𝟏abcde")
NUMBERS = ("12345", "123456", "１２３４５", "٣٤٥٦", "१२३", "𝟏𝟐𝟑", "0000000")
WORDS = ("junior", "bora12", "zzzzz1", "k7m2qx", "abcde1x", "abc1", "12345a7", "abc-12", "1a2b3", "3.1.4")


@pytest.mark.parametrize("name", HANDLES + NUMBERS)
def test_handles_and_numbers_cannot_be_registered(app, ann, ruth, visitor, name):
    response = visitor.post("/auth/signup", **REGISTRATION | {"username": name})
    assert response.status_code == 422
    assert re.search("cannot be just a number|looks like a guest", response.text)
    assert Program(app).post("/auth/register", {**REGISTRATION, "username": name}).status_code == 422
    fields = {"username": name, "display_name": "Ann", "email": "other@example.org", "role": "member"}
    assert ruth.post("/admin/users/add", **fields).status_code == 422
    assert ruth.post(f"/admin/users/{ann.id}", **fields).status_code == 422
    assert program_of(ruth).patch("/admin/users/ann", {"username": name}).status_code == 422
    with app.app_context():
        assert username_problem(choose_usernames([(name, "4711")])[0]) is None


@pytest.mark.parametrize("name", WORDS)
def test_other_names_can(visitor, name):
    assert visitor.post("/auth/signup", **REGISTRATION | {"username": name}).status_code == 302


@pytest.mark.parametrize("name", ["junior", "zzzzz1"])
def test_another_name_of_a_guest_cannot_be_registered_while_there_is_one(visitor, people, name):
    assert handle_on(visitor.page(f"/guest?username={name.upper()}")) == name.upper()
    other = people.visitor()
    assert other.post("/auth/signup", **REGISTRATION | {"username": name}).status_code == 422
    visitor.username = "guest"
    assert visitor.post("/auth/signup", **REGISTRATION | {"username": name}).status_code == 302


def test_new_handles_are_never_names_that_can_be_registered(app):
    with app.app_context():
        assert all(is_handle(make_guest(now=now(), locale="en").username) for _number in range(40))


@pytest.mark.parametrize("name", ["1zzzzz", "12345"])
def test_an_account_from_before_keeps_its_name(ann, bob, name):
    set_username(ann, name)
    profile = {"display_name": "Ann Lee", "bio": "", "website": "", "location": ""}
    assert ann.post("/settings", **profile).status_code == 302
    assert bob.post("/messages/new", to=name, body="Shall we meet?").status_code == 302
    assert "Ann Lee" in bob.page(f"/users/{name}")
    assert program_of(bob).read(f"/users/{name}")["id"] == ann.id


def test_a_number_is_an_id(ann, bob):
    assert program_of(bob).read(f"/users/{ann.id}")["username"] == "ann"
