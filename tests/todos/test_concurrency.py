"""Concurrent requests of one person: limits, order and uniqueness hold."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from madang.core.db import db
from madang.todos.models import Todo, TodoList
from madang.todos.operations import todos as operations
from tests.people import PASSWORD, Person
from tests.todos.test_todos import add

pytestmark = pytest.mark.each_database

WINDOWS = 4


@pytest.fixture
def windows(app, ann) -> list[Person]:
    """Several sessions of Ann."""
    people = []
    for _number in range(WINDOWS):
        person = Person(app, None, ann.id)
        assert person.post("/auth/login", username="ann", password=PASSWORD).status_code == 302
        person.username, person._token = "ann", ""
        assert person.token
        people.append(person)
    return people


def run_concurrently(windows: list[Person], act: Callable[[int, Person], int]) -> list[int]:
    """The sorted results of `act(number, person)`, called for all windows at the same time."""
    with ThreadPoolExecutor(len(windows)) as pool:
        return sorted(pool.map(act, range(len(windows)), windows))


def test_the_limit_holds(app, windows, monkeypatch):
    monkeypatch.setattr(operations, "MAX_TODOS", 2)
    answers = run_concurrently(
        windows, lambda number, person: person.post("/todos", title=f"number {number}").status_code
    )
    assert answers == [302, 302, 409, 409]
    with app.app_context():
        assert db.session.query(Todo).count() == 2
        assert db.session.query(TodoList).count() == 1


def test_equal_to_dos_are_added_once(app, windows):
    assert (
        run_concurrently(windows, lambda _number, person: person.post("/todos", title="the same").status_code)
        == [302] * 4
    )
    with app.app_context():
        assert db.session.query(Todo).count() == 1


def test_a_post_is_saved_once(app, bob, windows):
    question = bob.ask()
    run_concurrently(windows, lambda _number, person: person.post(f"/posts/{question}/todo", value="1").status_code)
    with app.app_context():
        assert db.session.query(Todo).count() == 1


def test_moves_leave_unique_positions(app, ann, windows):
    todos = [add(ann, f"number {number}") for number in range(WINDOWS + 1)]

    def move(number: int, person: Person) -> int:
        return person.post(f"/todos/{todos[number]}/move", before=str(todos[-1])).status_code

    assert run_concurrently(windows, move) == [302] * 4
    with app.app_context():
        positions = [todo.position for todo in db.session.query(Todo)]
        assert len(set(positions)) == len(todos)
        last = max(db.session.query(Todo), key=lambda todo: todo.position)
        assert last.id == todos[-1]
