"""Several windows at the same instant: each follow counts once, and nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from madang.core.db import db
from madang.following.models import Follow
from tests.people import PASSWORD, Person

from .test_following import follow, wrong_counts

pytestmark = pytest.mark.each_database


def window(person: Person) -> Person:
    """Another browser of somebody's."""
    other = Person(person.app, None, person.id)
    assert other.post("/auth/login", username=person.username, password=PASSWORD).status_code == 302
    other.username, other._token = person.username, ""
    assert other.token
    return other


def test_pressed_in_several_windows_it_counts_once(app, ann, bob):
    windows = [window(bob) for _number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert {answer.status_code for answer in pool.map(lambda one: follow(one, "/users/ann"), windows)} == {302}
    assert wrong_counts(app) == []
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Follow)) == 1


def test_two_who_follow_each_other_at_once_do_not_wait_for_each_other(app, ann, bob):
    pairs = [(window(ann), "/users/bob"), (window(bob), "/users/ann")] * 2
    windows = [(window(person), path) for person, path in pairs]

    def press(number: int) -> set[int]:
        person, path = windows[number]
        return {follow(person, path, value).status_code for value in "101"}

    with ThreadPoolExecutor(4) as pool:
        assert set().union(*pool.map(press, range(4))) == {302}
    assert wrong_counts(app) == []
    assert "<b>1</b> follower<" in ann.page("/users/ann") and "<b>1</b> follower<" in bob.page("/users/bob")
