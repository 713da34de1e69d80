"""The event stream: delivery, order, resuming, permissions, limits and polling."""

import asyncio
from datetime import timedelta

import pytest

from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.server import hub as hub_module
from madang.core.server.events import Ticket
from madang.core.server.wakeup import Wakeup
from madang.notifications.models.tables import Notification
from madang.notifications.operations.stream import StreamTable, last_id, publish, set_state
from tests.notifications.stream_client import run_with_streams
from tests.timing import TIMEOUT_SECONDS

from ..accounts.mailbox import run_jobs

pytestmark = pytest.mark.each_database


async def in_thread(call, *arguments, **named):
    """Call a blocking function in a thread."""
    return await asyncio.to_thread(call, *arguments, **named)


def publish_texts(app, *texts: str, topic: str) -> int:
    with app.app_context(), transaction():
        for text in texts:
            publish(topic, "answer_posted", {"text": text}, now=now())
    with app.app_context():
        return last_id()


def test_an_answer_reaches_readers_of_the_question_and_the_asker(app, ann, bob, cho):
    question = ann.ask()

    async def scenario(streams):
        async with streams.open(ann) as asker, streams.open(cho, f"topic=post:{question}") as reader:
            answer = await in_thread(bob.answer, question)
            assert (await reader.next("answer_posted")).payload["answer_id"] == answer
            await in_thread(run_jobs, app)
            assert (await asker.next("answer_posted")).payload["post_id"] == answer
            assert (await asker.next("unread_notification_count")).payload == {"count": 1}
            await in_thread(ann.post, "/notifications/read")
            assert (await asker.next("unread_notification_count")).payload == {"count": 0}

    run_with_streams(app, scenario)


def test_a_message_and_its_read_mark_reach_every_tab(app, ann, bob):
    sent = ann.post("/messages/new", to="bob", body="Shall we meet at the well?")
    conversation = sent.location.split("/")[2].partition("#")[0]

    async def scenario(streams):
        async with (
            streams.open(bob) as one,
            streams.open(bob, f"topic=conversation:{conversation}") as two,
        ):
            await in_thread(ann.post, f"/messages/{conversation}", body="Or at the gate?")
            assert (await two.next("message_posted")).payload["conversation_id"] == int(conversation)
            for tab in (one, two):
                assert (await tab.next("unread_message_count")).payload == {"count": 2}
            await in_thread(bob.page, f"/messages/{conversation}")
            for tab in (one, two):
                assert (await tab.next("unread_message_count")).payload == {"count": 0}

    run_with_streams(app, scenario)


def test_a_non_member_receives_no_events_of_a_conversation(app, ann, bob, eve):
    ann.post("/messages/new", to="bob", body="A secret.")

    async def scenario(streams):
        async with streams.open(eve, "topic=conversation:1") as refused:
            assert refused.status == 404
        async with streams.open(eve) as stream:
            await in_thread(ann.post, "/messages/new", to="bob", body="Another secret.")
            assert await stream.remaining_names() == []

    run_with_streams(app, scenario)


def test_a_visitor_must_log_in(app, visitor):
    async def scenario(streams):
        async with streams.open(visitor) as refused:
            assert refused.status == 401
            assert "Please log in" in refused.text

    run_with_streams(app, scenario)


def test_a_reconnecting_client_receives_missed_events_once_and_in_order(app, ann):
    before = publish_texts(app, "old", topic="post:1")
    question = ann.ask()
    topic = f"post:{question}"
    publish_texts(app, "one", "two", topic=topic)

    async def scenario(streams):
        async with streams.open(ann, f"topic={topic}", last=str(before)) as stream:
            await in_thread(publish_texts, app, "three", topic=topic)
            received = [await stream.next("answer_posted") for _time in range(3)]
            assert [event.payload["text"] for event in received] == ["one", "two", "three"]
            assert [event.id for event in received] == sorted({event.id for event in received})
            assert await stream.remaining_names() == []
        async with streams.open(ann, f"topic={topic}&after={received[1].id}") as again:
            assert (await again.next("answer_posted")).payload["text"] == "three"
            assert await again.remaining_names() == []

    run_with_streams(app, scenario)


def test_the_table_returns_only_missed_events_of_the_listener(app, ann, bob):
    publish_texts(app, "before", topic="post:1")
    set_count(app, bob.id)
    first = publish_texts(app, "old", topic="post:1")
    set_count(app, ann.id)
    last = publish_texts(app, "elsewhere", topic="post:2")
    up_to = publish_texts(app, "one", topic="post:1")
    publish_texts(app, "too late", topic="post:1")
    table = StreamTable(app)
    missed = table.events_for(Ticket(ann.id, 1, ("post:1",), after=first), first, up_to)
    assert [event.id for event in missed] == [last - 1, up_to]
    assert [event.payload for event in missed] == [{"count": 7}, {"text": "one"}]
    own = table.events_for(Ticket(ann.id, 1, (), after=first), first, up_to)
    assert [event.id for event in own] == [last - 1]


def test_no_event_is_lost_over_a_restart(app, ann):
    question = ann.ask()
    topic = f"post:{question}"
    received = []

    async def first(streams):
        async with streams.open(ann, f"topic={topic}") as stream:
            await in_thread(publish_texts, app, "one", topic=topic)
            received.append(await stream.next("answer_posted"))

    async def second(streams):
        async with streams.open(ann, f"topic={topic}", last=str(received[0].id)) as stream:
            assert (await stream.next("answer_posted")).payload["text"] == "two"

    run_with_streams(app, first)
    publish_texts(app, "two", topic=topic)
    run_with_streams(app, second)


@pytest.mark.parametrize("last", ["-1", "abc", "1.5", "9" * 25, "１２"])
def test_an_invalid_event_id_is_refused(ann, last):
    answer = ann.get("/events?after=" + last)
    assert answer.status_code == 400
    assert "Last-Event-ID must be a number" in answer.text


def test_an_event_id_above_the_newest_starts_at_the_newest(app, ann):
    async def scenario(streams):
        async with streams.open(ann, last="99999999999") as stream:
            await in_thread(set_count, app, ann.id)
            assert (await stream.next("unread_message_count")).payload == {"count": 7}

    run_with_streams(app, scenario)


def set_count(app, user_id: int) -> None:
    with app.app_context(), transaction():
        set_state(user_id, "unread_message_count", {"count": 7}, now=now())


def test_streams_per_person_are_limited(app, ann):
    async def scenario(streams):
        async with asyncio.TaskGroup() as group, asyncio.timeout(TIMEOUT_SECONDS):
            contexts = [streams.open(ann) for _number in range(12)]
            opened = [await stream.__aenter__() for stream in contexts]
            assert [stream.status for stream in opened] == [200] * 10 + [429] * 2
            assert "too many pages open" in opened[-1].text
            for stream in contexts:
                group.create_task(stream.__aexit__(None, None, None))

    run_with_streams(app, scenario)


def test_logging_out_closes_the_stream(app, ann):
    async def scenario(streams):
        async with streams.open(ann) as stream:
            await in_thread(ann.post, "/auth/logout")
            await stream.wait_closed()
        async with streams.open(ann) as again:
            assert again.status == 401

    run_with_streams(app, scenario)


def test_a_client_that_does_not_read_is_disconnected(app, ann, bob):
    question = ann.ask()
    topic = f"post:{question}"

    async def scenario(streams):
        async with streams.open(ann, f"topic={topic}") as slow, streams.open(bob, f"topic={topic}") as quick:
            slow.is_stuck = True
            await in_thread(publish_texts, app, "one", topic=topic)
            assert (await quick.next("answer_posted")).payload["text"] == "one"
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while streams.gateway.hub.count(ann.id):
                    await asyncio.sleep(0.01)

    run_with_streams(app, scenario)


def test_an_idle_stream_sends_heartbeats(app, ann, monkeypatch):
    monkeypatch.setattr(hub_module, "HEARTBEAT_SECONDS", 1)

    async def scenario(streams):
        async with streams.open(ann) as stream, asyncio.timeout(TIMEOUT_SECONDS):
            while not stream.heartbeat_count:
                await asyncio.sleep(0.02)

    run_with_streams(app, scenario)


def test_a_newer_state_replaces_the_older(app, ann):
    with app.app_context():
        for count in (1, 2, 3):
            with transaction():
                set_state(ann.id, "unread_message_count", {"count": count}, now=now())
        rows = db.session.query(Notification).filter_by(user_id=ann.id, name="unread_message_count").all()
        assert [row.payload for row in rows] == [{"count": 3}]


def test_ids_are_in_commit_order(app, ann):
    """A reader that goes by id skips no event of concurrent writers."""
    seen: list[int] = []

    async def scenario(_listening):
        writers = [in_thread(publish_texts, app, "one", "two", topic="post:1") for _number in range(20)]
        done = asyncio.gather(*writers)
        while not done.done():
            seen.extend(await in_thread(_ids_after, app, seen[-1] if seen else 0))
            await asyncio.sleep(0.002)
        await done
        seen.extend(await in_thread(_ids_after, app, seen[-1] if seen else 0))

    run_with_streams(app, scenario)
    assert len(seen) == 40
    assert seen == list(range(seen[0], seen[0] + 40))


def _ids_after(app, last: int) -> list[int]:
    with app.app_context():
        rows = db.session.query(Notification.id).filter(Notification.id > last, Notification.topic == "post:1")
        return [row.id for row in rows.order_by(Notification.id)]


def test_polling_returns_events_since_a_moment_oldest_first(app, ann, bob):
    began = now()
    bob.answer(ann.ask())
    run_jobs(app)
    answer = ann.get(f"/api/v1/notifications?since={began.timestamp()}").get_json()
    assert [item["name"] for item in answer["items"]] == ["answer_posted", "unread_notification_count"]
    assert answer["items"][0]["payload"]["actor_ids"] == [bob.id]
    later = (now() + timedelta(minutes=1)).isoformat()
    assert ann.get("/api/v1/notifications", query_string={"since": later}).get_json()["items"] == []
    after = answer["items"][0]["id"]
    rest = ann.get(f"/api/v1/notifications?after={after}").get_json()["items"]
    assert [item["name"] for item in rest] == ["unread_notification_count"]
    assert bob.get("/api/v1/notifications").get_json()["items"] == []


def test_polling_with_invalid_parameters_is_refused(ann, visitor):
    assert ann.get("/api/v1/notifications?since=yesterday").status_code == 422
    assert ann.get("/api/v1/notifications?after=-1").status_code == 422
    assert ann.get("/api/v1/notifications?since=999999999999").status_code == 422
    refused = visitor.get("/api/v1/notifications")
    assert refused.status_code == 401
    assert refused.mimetype == "application/problem+json"
    assert refused.get_json()["code"] == "not_logged_in"
    assert refused.get_json()["detail"] == "Please send an access token, or log in."


def test_topics_of_a_deleted_question_and_its_answers_are_gone(app, ann, bob, dan):
    question = ann.ask()
    answer = bob.answer(question)
    assert dan.post(f"/posts/{question}/delete", confirm="yes").status_code == 302

    async def scenario(streams):
        for post in (question, answer):
            async with streams.open(ann, f"topic=post:{post}") as stream:
                assert stream.status == 410
        async with streams.open(dan, f"topic=post:{question}") as stream:
            assert stream.status == 200

    run_with_streams(app, scenario)


def test_memory_is_trimmed_once_after_many_listeners_left(monkeypatch):
    trimmed_at = []
    monkeypatch.setattr(hub_module, "TRIM_COUNT", 3)
    monkeypatch.setattr(hub_module, "trim_memory", lambda: trimmed_at.append(len(hub.listeners)))
    hub = hub_module.Hub(None, Wakeup(None))
    for present in (0, 5, 5, 3, 2, 2, 2, 1, 1, 0, 0):
        hub.listeners = dict.fromkeys(range(present))
        hub.trim_if_calm()
    assert trimmed_at == [2]
