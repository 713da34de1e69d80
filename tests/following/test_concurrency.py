"""Concurrent follows count once and do not deadlock."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from madang.core.db import db
from madang.following.models import Follow
from tests.following.test_following import counter_differences, follow
from tests.people import PASSWORD, Person

pytestmark = pytest.mark.each_database


def open_window(person: Person) -> Person:
    """Log in from another browser."""
    browser = Person(person.app, None, person.id)
    assert browser.post("/auth/login", username=person.username, password=PASSWORD).status_code == 302
    browser.username, browser._token = person.username, ""
    assert browser.token
    return browser


def test_following_in_several_windows_counts_once(app, ann, bob):
    windows = [open_window(bob) for _number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert {answer.status_code for answer in pool.map(lambda one: follow(one, "/users/ann"), windows)} == {302}
    assert counter_differences(app) == []
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Follow)) == 1


def test_following_each_other_at_once_does_not_deadlock(app, ann, bob):
    pairs = [(open_window(ann), "/users/bob"), (open_window(bob), "/users/ann")] * 2
    windows = [(open_window(person), path) for person, path in pairs]

    def press(number: int) -> set[int]:
        person, path = windows[number]
        return {follow(person, path, value).status_code for value in "101"}

    with ThreadPoolExecutor(4) as pool:
        assert set().union(*pool.map(press, range(4))) == {302}
    assert counter_differences(app) == []
    assert "<b>1</b> follower<" in ann.page("/users/ann") and "<b>1</b> follower<" in bob.page("/users/bob")
