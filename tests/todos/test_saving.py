"""Saving posts and messages for later as to-dos."""

import re

import pytest

from madang.core.clock import now
from madang.core.db import db, transaction
from madang.todos.models import Todo, TodoList
from madang.todos.operations.saving import Link, save_for_later
from tests.accounts.mailbox import run_jobs
from tests.accounts.test_deletion import _archive, _rows
from tests.people import PASSWORD

from .test_todos import add, titles

pytestmark = pytest.mark.each_database


def test_a_question_is_saved_and_unsaved(ann, bob):
    question = ann.ask("How do I move a yard?")
    assert "Save for later" in bob.page(f"/posts/{question}")
    response = bob.post(f"/posts/{question}/todo", value="1")
    assert response.location.startswith(f"/posts/{question}")
    page = bob.follow(response)
    assert "Saved for later" in page and "It has been added to your to-dos." in page
    page = bob.page("/todos")
    assert titles(page) == ["How do I move a yard?"] and f'href="/posts/{question}"' in page
    bob.post(f"/posts/{question}/todo", value="0")
    assert titles(bob.page("/todos")) == []
    assert "Saved for later" not in bob.page(f"/posts/{question}")


def test_an_answer_is_saved_under_the_title_of_its_question(ann, bob):
    answer = bob.answer(ann.ask("How do I move a yard?"))
    piece = ann.htmx(f"/posts/{answer}/todo", value="1")
    assert piece.status_code == 200 and 'aria-pressed="true"' in piece.text and "<html" not in piece.text
    page = ann.page("/todos")
    assert titles(page) == ["How do I move a yard?"] and f'href="/posts/{answer}"' in page


def test_a_post_saved_twice_has_one_to_do(ann, bob):
    question = ann.ask()
    for _time in range(2):
        bob.post(f"/posts/{question}/todo", value="1")
    assert len(titles(bob.page("/todos"))) == 1


def test_saving_again_reopens_a_done_or_deleted_to_do(app, ann, bob):
    question = ann.ask()
    bob.post(f"/posts/{question}/todo", value="1")
    with app.app_context():
        todo = db.session.query(Todo).one().id
    bob.post(f"/todos/{todo}/done", value="1")
    assert "Saved for later" not in bob.page(f"/posts/{question}")
    bob.post(f"/posts/{question}/todo", value="1")
    assert len(titles(bob.page("/todos"))) == 1
    bob.post(f"/todos/{todo}/delete")
    bob.post(f"/posts/{question}/todo", value="1")
    assert len(titles(bob.page("/todos"))) == 1


def test_saving_again_after_its_list_was_deleted_uses_another(app, ann, bob):
    question = ann.ask()
    bob.post(f"/posts/{question}/todo", value="1")
    with app.app_context():
        first = db.session.query(TodoList).one().id
    bob.post(f"/todos/lists/{first}/delete")
    bob.post(f"/posts/{question}/todo", value="1")
    assert len(titles(bob.page("/todos"))) == 1


def test_the_to_do_of_a_deleted_post_keeps_its_own_title(ann, bob, dan):
    question = ann.ask("How do I move a yard?")
    bob.post(f"/posts/{question}/todo", value="1")
    ann.post(f"/posts/{question}/edit", version="1", title="How do I move a garden?", body="It has grown meanwhile.")
    assert "How do I move a garden?" in bob.page("/todos")
    dan.post(f"/posts/{question}/delete")
    page = bob.page("/todos")
    assert titles(page) == ["How do I move a yard?"]
    assert "garden" not in page and f'href="/posts/{question}"' not in page
    assert bob.post(f"/posts/{question}/todo", value="1").status_code == 410


def test_a_visitor_saves_on_a_page_that_makes_them_a_guest(ann, visitor):
    question = ann.ask("How do I move a yard?")
    response = visitor.get(f"/posts/{question}")
    assert f'href="/posts/{question}/todo"' in response.text and "Set-Cookie" not in response.headers
    page = visitor.page(f"/posts/{question}/todo")
    assert "Save for later?" in page and ">How do I move a yard?</a>" in page
    visitor.username = "guest"
    visitor.post(f"/posts/{question}/todo", value="1")
    assert titles(visitor.page("/todos")) == ["How do I move a yard?"]
    assert "This is on your to-do list" in visitor.page(f"/posts/{question}/todo")
    assert 'aria-pressed="true"' in visitor.page(f"/posts/{question}")


def test_unknown_posts_and_invalid_values_are_refused(ann):
    assert ann.post("/posts/999999/todo", value="1").status_code == 404
    ann.page("/posts/999999/todo", 404)
    assert ann.post(f"/posts/{ann.ask()}/todo", value="maybe").status_code == 422


def test_links_of_other_kinds_can_be_saved(app, ann):
    link = Link("file", 7, "/files/7", "Shall we meet?")
    with app.app_context(), transaction():
        assert [save_for_later(link, actor=ann.actor, now=now())[1] for _time in range(2)] == [True, False]
    page = ann.page("/todos")
    assert "Shall we meet?" in page and 'href="/files/7"' in page


def send(person, to: str, body: str = "Shall we meet at the well?") -> tuple[int, int]:
    """Send a message. Returns the ids of the conversation and the message."""
    location = person.post("/messages/new", to=to, body=body).location
    match = re.fullmatch(r"/messages/(\d+)#message-(\d+)", location)
    assert match, location
    return int(match[1]), int(match[2])


def test_a_message_is_saved_and_unsaved(ann, bob):
    conversation, message = send(ann, "bob")
    address = f"/messages/{conversation}/{message}/todo"
    assert f'action="{address}"' in bob.page(f"/messages/{conversation}")
    assert "Shall we meet at the well?" in bob.page(address)
    response = bob.post(address, value="1")
    assert response.location == f"/messages/{conversation}/{message}#message-{message}"
    assert bob.get(response.location).location == f"/messages/{conversation}#message-{message}"
    page = bob.page(f"/messages/{conversation}")
    assert "It has been added to your to-dos." in page and "Saved for later" in page
    page = bob.page("/todos")
    assert titles(page) == ["Shall we meet at the well?"] and f'href="{response.location}"' in page
    piece = bob.htmx(address, value="0")
    assert 'aria-pressed="false"' in piece.text and f'id="save-message-{message}"' in piece.text
    assert titles(bob.page("/todos")) == []
    assert "Saved for later" not in ann.page(f"/messages/{conversation}")


def test_the_link_of_a_message_leads_to_its_page(ann, bob):
    conversation, message = send(ann, "bob", "The very first words.")
    for number in range(31):
        ann.post(f"/messages/{conversation}", body=f"And word {number}.")
    location = bob.get(f"/messages/{conversation}/{message}").location
    assert location.endswith(f"#message-{message}")
    assert f'id="message-{message}"' not in bob.page(f"/messages/{conversation}")
    assert f'id="message-{message}"' in bob.page(location.partition("#")[0])


def test_a_message_without_text_is_titled_by_its_conversation(ann, bob):
    conversation, message = send(ann, "bob", "![](/files/none.png)")
    bob.post(f"/messages/{conversation}/{message}/todo", value="1")
    assert titles(bob.page("/todos")) == ["ann"]


def test_only_readers_of_a_message_can_save_it(ann, bob, eve, visitor):
    conversation, message = send(ann, "bob")
    for stranger in (eve, visitor):
        stranger.page(f"/messages/{conversation}/{message}", 404)
        stranger.page(f"/messages/{conversation}/{message}/todo", 404)
    assert eve.post(f"/messages/{conversation}/{message}/todo", value="1").status_code == 404
    assert bob.post(f"/messages/{conversation}/{message}/todo", value="maybe").status_code == 422
    assert bob.post(f"/messages/{conversation + 1}/{message}/todo", value="1").status_code == 404


def test_the_link_is_hidden_after_leaving_the_conversation(ann, bob):
    conversation, message = send(ann, "bob")
    bob.post(f"/messages/{conversation}/{message}/todo", value="1")
    bob.post(f"/messages/{conversation}/leave")
    page = bob.page("/todos")
    assert titles(page) == ["Shall we meet at the well?"] and f"/messages/{conversation}" not in page
    ann.post(f"/messages/{conversation}", body="Are you there?")
    assert f"/messages/{conversation}/" not in bob.page("/todos")


def test_the_personal_archive_contains_to_dos_and_lists(app, ann, bob):
    add(ann, "Buy lanterns", due_date="2150-01-02", due_time="10:00")
    add(bob, "Call Ann")
    ann.post("/settings/leave/export")
    run_jobs(app)
    archive = _archive(ann)
    assert [(todo["title"], todo["due_on"], todo["due_time"]) for todo in _rows(archive, "todos.json")] == [
        ("Buy lanterns", "2150-01-02", "10:00:00")
    ]
    assert [row["name"] for row in _rows(archive, "todo_lists.json")] == ["To-dos"]


def test_to_dos_are_deleted_with_the_account(app, ann, bob):
    add(ann, "Buy lanterns")
    add(bob, "Call Ann")
    ann.post("/settings/leave/delete", current_password=PASSWORD)
    with app.app_context():
        assert [todo.title for todo in db.session.query(Todo)] == ["Call Ann"]
        assert db.session.query(TodoList).count() == 1
