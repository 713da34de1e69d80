"""Usernames of imported users."""

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.accounts.policies.look_alikes import skeleton
from madang.accounts.policies.usernames import username_problem
from madang.importing.operations.usernames import _candidates, choose_usernames


def first_candidate(display_name: str, number: str = "4711") -> str:
    return next(_candidates(display_name, number))


@pytest.mark.parametrize(
    ("display_name", "username"),
    [
        ("John", "John"),
        ("John Doe", "JohnDoe"),
        ("조 미나", "조미나"),
        ("O'Brien & Sons", "OBrienSons"),
        ("__John__", "John"),
        ("John..Doe", "John.Doe"),
        ("john_.-doe", "john_doe"),
        ("x" * 50, "x" * 30),
        ("Jo", "Jo-4711"),
        ("admin", "user-4711"),
        ("운영자님", "user-4711"),
        ("🎉", "user-4711"),
        ("", "user-4711"),
    ],
)
def test_a_username_is_the_nearest_valid_name(display_name, username):
    assert first_candidate(display_name) == username


def test_further_candidates_add_the_external_id_and_then_a_counter():
    assert list(islice(_candidates("John", "-1"), 4)) == ["John", "John-1", "user-1", "John-1-2"]


@given(st.text(max_size=60), st.integers(-1, 10**15).map(str))
@settings(max_examples=60)
def test_every_candidate_is_a_valid_username(display_name, number):
    assert [username_problem(name) for name in islice(_candidates(display_name, number), 5)] == [None] * 5


def test_usernames_are_assigned_in_order_and_never_look_alike(app, bob):
    people = [("John", "1"), ("john", "2"), ("J0hn", "3"), ("Bob", "4"), ("John", "5")]
    with app.app_context():
        names = choose_usernames(people)
    assert names == ["John", "john-2", "J0hn-3", "Bob-4", "John-5"]
    assert len({skeleton(name) for name in names}) == len(people)
