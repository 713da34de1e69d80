"""Usernames for people who come from a site where names had other rules."""

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.accounts.policies.usernames import skeleton, username_problem
from madang.importing.operations.usernames import _wishes, usernames_for


def first_wish(display_name: str, number: str = "4711") -> str:
    return next(_wishes(display_name, number))


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
        ("admin", "admin-4711"),
        ("🎉", "user-4711"),
        ("", "user-4711"),
    ],
)
def test_a_username_is_as_near_to_the_name_as_the_rules_allow(display_name, username):
    assert first_wish(display_name) == username


def test_who_finds_their_name_taken_gets_their_number_and_then_another():
    assert list(islice(_wishes("John", "-1"), 4)) == ["John", "John-1", "user-1", "John-1-2"]


@given(st.text(max_size=60), st.integers(-1, 10**15).map(str))
@settings(max_examples=60)
def test_every_wish_is_a_valid_username(display_name, number):
    assert [username_problem(name) for name in islice(_wishes(display_name, number), 5)] == [None] * 5


def test_names_are_given_in_order_and_those_that_look_alike_count_as_one(app, bob):
    people = [("John", "1"), ("john", "2"), ("J0hn", "3"), ("Bob", "4"), ("John", "5")]
    with app.app_context():
        names = usernames_for(people)
    assert names == ["John", "john-2", "J0hn-3", "Bob-4", "John-5"]
    assert len({skeleton(name) for name in names}) == len(people)
