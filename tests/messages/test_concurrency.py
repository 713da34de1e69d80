"""Concurrent writing, reading, leaving and blocking keep the counters right."""

import threading
from collections.abc import Callable

import pytest

from madang.admin.operations.counters import differences
from madang.core.db import db
from madang.messages import fragments
from madang.messages.models import Conversation, Message
from madang.messages.operations import writing
from tests.messages.test_conversations import counts_are_right, unread, write  # noqa: F401
from tests.posts.test_races import between  # noqa: F401

pytestmark = pytest.mark.each_database


def run_together(*calls: Callable[[], object]) -> None:
    """Make all calls at the same time in threads; fail if one raises."""
    barrier, errors = threading.Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            call()
        except BaseException as error:  # an exception in a thread is lost otherwise
            errors.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def sender(person, path: str, body: str, statuses=(302,), **fields) -> Callable[[], object]:
    assert person.token

    def send() -> None:
        response = person.post(path, body=body, **fields)
        assert response.status_code in statuses, response.text[:500]

    return send


def test_concurrent_writing_and_reading_keeps_counts_right(app, ann, bob, cho, dan):
    group = write(ann, "bob cho dan")
    people = (ann, bob, cho, dan)
    for round_ in range(3):
        writers = [sender(one, f"/messages/{group}", f"{one.username} {round_}") for one in people]
        openers = [lambda one=one: one.page(f"/messages/{group}") for one in (bob, cho)]
        run_together(*writers, *openers, lambda: ann.post("/messages/read"))
    with app.app_context():
        assert db.session.get(Conversation, group).message_count == 13
        assert list(differences()) == []


def test_two_people_who_write_to_each_other_at_once_get_one_conversation(app, ann, bob):
    run_together(
        sender(ann, "/messages/new", "I was first.", to="bob"), sender(bob, "/messages/new", "No, I was.", to="ann")
    )
    with app.app_context():
        assert db.session.query(Conversation).count() == 1
    assert (unread(ann), unread(bob)) == (1, 1)


@pytest.mark.parametrize("to", ["bob", "bob cho"])
def test_concurrent_clicks_post_one_message(app, ann, bob, cho, to):
    run_together(*[sender(ann, "/messages/new", "Only once, please.", to=to)] * 3)
    with app.app_context():
        assert (db.session.query(Conversation).count(), db.session.query(Message).count()) == (1, 1)


def test_writing_during_block_mute_and_leave_keeps_counts_right(ann, bob, cho, dan):
    group = write(ann, "bob cho dan")
    for round_ in range(3):
        run_together(
            sender(ann, f"/messages/{group}", f"Round {round_}."),
            sender(dan, f"/messages/{group}", f"Round {round_} as well."),
            lambda: bob.post("/messages/blocks/ann"),
            lambda: cho.post(f"/messages/{group}/mute", value="1"),
        )
        run_together(
            sender(ann, f"/messages/{group}", f"Round {round_}, again."),
            lambda: bob.post("/messages/blocks/ann/delete"),
            lambda: cho.post(f"/messages/{group}/mute", value="0"),
        )
    run_together(sender(ann, f"/messages/{group}", "Do not go!"), lambda: cho.post(f"/messages/{group}/leave"))
    assert unread(cho) == 0


def test_a_message_that_arrives_while_the_page_loads_stays_unread(ann, bob, between):  # noqa: F811
    pair = write(ann, "bob")
    threads = between(
        fragments, "members_of", lambda: ann.post(f"/messages/{pair}", body="And another thing."), wait=0.5
    )
    bob.page(f"/messages/{pair}")
    threads[0].join()
    assert unread(bob) == 1
    assert "And another thing." in bob.page(f"/messages/{pair}")


def test_posting_while_leaving_is_refused(ann, bob, cho, between):  # noqa: F811
    group = write(ann, "bob cho")
    between(writing, "render", lambda: bob.post(f"/messages/{group}/leave"))
    assert bob.post(f"/messages/{group}", body="A last word.").status_code == 404
    assert "A last word." not in ann.page(f"/messages/{group}")
