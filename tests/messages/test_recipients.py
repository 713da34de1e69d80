"""Parsing recipient names, and why a person cannot receive messages."""

import pytest

from madang.messages.operations.recipients import parse_names, unreachable_error
from tests.actors import ACTORS

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("ann", ["ann"]),
        ("ann bob", ["ann", "bob"]),
        ("ann, bob;cho", ["ann", "bob", "cho"]),
        ("@ann, @bob", ["ann", "bob"]),
        ("조미나、마루，bob", ["조미나", "마루", "bob"]),
        ("ann ann", ["ann"]),
        ("ann Ann", ["Ann"]),
        (" ,; \n", []),
        ("", []),
        ("@", []),
        ("@@ann", ["@ann"]),
    ],
)
def test_names_are_separated_by_commas_or_spaces(typed, names):
    assert parse_names(typed) == names


DOES_NOT_TAKE = "You cannot send messages to bob."
BLOCKED = "You have blocked bob. To write to them, unblock them first."
SUSPENDED = "bob is suspended and cannot answer right now."


@pytest.mark.parametrize(
    ("who", "has_blocked_actor", "is_blocked", "is_suspended", "sentence"),
    [
        ("member", False, False, False, None),
        ("member", True, False, False, DOES_NOT_TAKE),
        ("member", False, True, False, BLOCKED),
        ("member", True, True, True, DOES_NOT_TAKE),
        ("member", False, True, True, BLOCKED),
        ("member", False, False, True, SUSPENDED),
        ("guest", False, False, True, SUSPENDED),
        ("moderator", False, False, True, None),
        ("admin", False, False, True, None),
        ("admin", False, True, False, BLOCKED),
    ],
)
def test_unreachable_error(who, has_blocked_actor, is_blocked, is_suspended, sentence):
    circumstances = {"has_blocked_actor": has_blocked_actor, "is_blocked": is_blocked, "is_suspended": is_suspended}
    assert unreachable_error("bob", **circumstances, actor=ACTORS[who]) == sentence
