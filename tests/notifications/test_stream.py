"""What open pages hear: at once, in order, without a loss or a repetition, and nothing that is not theirs."""

import asyncio
from datetime import timedelta

import pytest

from madang.core.clock import now
from madang.core.db import db, transaction
from madang.core.server import hub as live
from madang.core.server.events import Ticket
from madang.core.server.wakeup import Wakeup
from madang.notifications.models.tables import Notification
from madang.notifications.operations.stream import StreamTable, last_id, publish, set_state
from tests.timing import PATIENCE_SECONDS

from ..accounts.mailbox import run_jobs
from .listening import listen

pytestmark = pytest.mark.each_database


async def does(call, *arguments, **named):
    """Somebody does something, in a thread of the server's."""
    return await asyncio.to_thread(call, *arguments, **named)


def say(app, *texts: str, topic: str) -> int:
    with app.app_context(), transaction():
        for text in texts:
            publish(topic, "answer_posted", {"text": text}, now=now())
    with app.app_context():
        return last_id()


def test_an_answer_comes_at_once_to_all_who_look_and_to_the_asker(app, ann, bob, cho):
    question = ann.ask()

    async def scene(listening):
        async with listening.open(ann) as asker, listening.open(cho, f"topic=post:{question}") as reader:
            answer = await does(bob.answer, question)
            assert (await reader.next("answer_posted")).payload["answer_id"] == answer
            await does(run_jobs, app)
            assert (await asker.next("answer_posted")).payload["post_id"] == answer
            assert (await asker.next("unread_notification_count")).payload == {"count": 1}
            await does(ann.post, "/notifications/read")
            assert (await asker.next("unread_notification_count")).payload == {"count": 0}

    listen(app, scene)


def test_a_message_and_its_reading_reach_every_tab(app, ann, bob):
    sent = ann.post("/messages/new", to="bob", body="Shall we meet at the well?")
    conversation = sent.location.split("/")[2].partition("#")[0]

    async def scene(listening):
        async with (
            listening.open(bob) as one,
            listening.open(bob, f"topic=conversation:{conversation}") as two,
        ):
            await does(ann.post, f"/messages/{conversation}", body="Or at the gate?")
            assert (await two.next("message_posted")).payload["conversation_id"] == int(conversation)
            for tab in (one, two):
                assert (await tab.next("unread_message_count")).payload == {"count": 2}
            await does(bob.page, f"/messages/{conversation}")
            for tab in (one, two):
                assert (await tab.next("unread_message_count")).payload == {"count": 0}

    listen(app, scene)


def test_a_stranger_hears_nothing_of_a_conversation(app, ann, bob, eve):
    ann.post("/messages/new", to="bob", body="A secret.")

    async def scene(listening):
        async with listening.open(eve, "topic=conversation:1") as refused:
            assert refused.status == 404
        async with listening.open(eve) as stream:
            await does(ann.post, "/messages/new", to="bob", body="Another secret.")
            assert await stream.names() == []

    listen(app, scene)


def test_a_visitor_is_asked_to_log_in(app, visitor):
    async def scene(listening):
        async with listening.open(visitor) as refused:
            assert refused.status == 401
            assert "Please log in" in refused.text

    listen(app, scene)


def test_whoever_comes_back_hears_what_they_missed_once_and_in_order(app, ann):
    before = say(app, "old", topic="post:1")
    question = ann.ask()
    topic = f"post:{question}"
    say(app, "one", "two", topic=topic)

    async def scene(listening):
        async with listening.open(ann, f"topic={topic}", last=str(before)) as stream:
            await does(say, app, "three", topic=topic)
            heard = [await stream.next("answer_posted") for _time in range(3)]
            assert [event.payload["text"] for event in heard] == ["one", "two", "three"]
            assert [event.id for event in heard] == sorted({event.id for event in heard})
            assert await stream.names() == []
        async with listening.open(ann, f"topic={topic}&after={heard[1].id}") as again:
            assert (await again.next("answer_posted")).payload["text"] == "three"
            assert await again.names() == []

    listen(app, scene)


def test_the_table_gives_a_listener_what_they_missed_and_nothing_that_is_anothers(app, ann, bob):
    say(app, "before", topic="post:1")
    say_state(app, bob.id)
    first = say(app, "old", topic="post:1")
    say_state(app, ann.id)
    last = say(app, "elsewhere", topic="post:2")
    up_to = say(app, "one", topic="post:1")
    say(app, "too late", topic="post:1")
    table = StreamTable(app)
    missed = table.events_for(Ticket(ann.id, 1, ("post:1",), after=first), first, up_to)
    assert [event.id for event in missed] == [last - 1, up_to]
    assert [event.payload for event in missed] == [{"count": 7}, {"text": "one"}]
    mine = table.events_for(Ticket(ann.id, 1, (), after=first), first, up_to)
    assert [event.id for event in mine] == [last - 1]


def test_nothing_is_lost_over_a_restart(app, ann):
    question = ann.ask()
    topic = f"post:{question}"
    heard = []

    async def first(listening):
        async with listening.open(ann, f"topic={topic}") as stream:
            await does(say, app, "one", topic=topic)
            heard.append(await stream.next("answer_posted"))

    async def second(listening):
        async with listening.open(ann, f"topic={topic}", last=str(heard[0].id)) as stream:
            assert (await stream.next("answer_posted")).payload["text"] == "two"

    listen(app, first)
    say(app, "two", topic=topic)
    listen(app, second)


@pytest.mark.parametrize("last", ["-1", "abc", "1.5", "9" * 25, "１２"])
def test_an_id_that_cannot_be_is_refused_with_a_sentence(ann, last):
    answer = ann.get("/events?after=" + last)
    assert answer.status_code == 400
    assert "Last-Event-ID is a number" in answer.text


def test_an_id_of_a_future_that_never_was_begins_anew(app, ann):
    async def scene(listening):
        async with listening.open(ann, last="99999999999") as stream:
            await does(say_state, app, ann.id)
            assert (await stream.next("unread_message_count")).payload == {"count": 7}

    listen(app, scene)


def say_state(app, user_id: int) -> None:
    with app.app_context(), transaction():
        set_state(user_id, "unread_message_count", {"count": 7}, now=now())


def test_twenty_streams_of_one_person_are_too_many(app, ann):
    async def scene(listening):
        async with asyncio.TaskGroup() as group, asyncio.timeout(PATIENCE_SECONDS):
            streams = [listening.open(ann) for _number in range(12)]
            opened = [await stream.__aenter__() for stream in streams]
            assert [stream.status for stream in opened] == [200] * 10 + [429] * 2
            assert "too many pages open" in opened[-1].text
            for stream in streams:
                group.create_task(stream.__aexit__(None, None, None))

    listen(app, scene)


def test_a_session_that_ends_takes_its_stream_along(app, ann):
    async def scene(listening):
        async with listening.open(ann) as stream:
            await does(ann.post, "/auth/logout")
            await stream.end()
        async with listening.open(ann) as again:
            assert again.status == 401

    listen(app, scene)


def test_whoever_does_not_take_what_they_are_sent_is_cut_off(app, ann, bob):
    question = ann.ask()
    topic = f"post:{question}"

    async def scene(listening):
        async with listening.open(ann, f"topic={topic}") as slow, listening.open(bob, f"topic={topic}") as quick:
            slow.is_stuck = True
            await does(say, app, "one", topic=topic)
            assert (await quick.next("answer_posted")).payload["text"] == "one"
            async with asyncio.timeout(PATIENCE_SECONDS):
                while listening.gateway.hub.count(ann.id):
                    await asyncio.sleep(0.01)

    listen(app, scene)


def test_a_quiet_stream_gives_signs_of_life(app, ann, monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 1)

    async def scene(listening):
        async with listening.open(ann) as stream, asyncio.timeout(PATIENCE_SECONDS):
            while not stream.beats:
                await asyncio.sleep(0.02)

    listen(app, scene)


def test_the_newest_state_takes_the_place_of_the_older(app, ann):
    with app.app_context():
        for count in (1, 2, 3):
            with transaction():
                set_state(ann.id, "unread_message_count", {"count": count}, now=now())
        rows = db.session.query(Notification).filter_by(user_id=ann.id, name="unread_message_count").all()
        assert [row.payload for row in rows] == [{"count": 3}]


def test_ids_stand_in_the_order_of_commits(app, ann):
    """Several writers at once: whoever reads by id never passes over one that is still to come."""
    seen: list[int] = []

    async def scene(_listening):
        writers = [does(say, app, "one", "two", topic="post:1") for _number in range(20)]
        done = asyncio.gather(*writers)
        while not done.done():
            seen.extend(await does(_ids_after, app, seen[-1] if seen else 0))
            await asyncio.sleep(0.002)
        await done
        seen.extend(await does(_ids_after, app, seen[-1] if seen else 0))

    listen(app, scene)
    assert len(seen) == 40
    assert seen == list(range(seen[0], seen[0] + 40))


def _ids_after(app, last: int) -> list[int]:
    with app.app_context():
        rows = db.session.query(Notification.id).filter(Notification.id > last, Notification.topic == "post:1")
        return [row.id for row in rows.order_by(Notification.id)]


# For those who ask now and then


def test_asking_gives_what_came_since_the_oldest_first(app, ann, bob):
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


def test_asking_with_nonsense_is_refused_with_a_sentence(ann, visitor):
    assert ann.get("/api/v1/notifications?since=yesterday").status_code == 422
    assert ann.get("/api/v1/notifications?after=-1").status_code == 422
    assert ann.get("/api/v1/notifications?since=999999999999").status_code == 422
    refused = visitor.get("/api/v1/notifications")
    assert refused.status_code == 401
    assert refused.mimetype == "application/problem+json"
    assert refused.get_json()["code"] == "not_logged_in"
    assert refused.get_json()["detail"] == "Please send an access token, or log in."


def test_a_question_that_was_deleted_is_not_listened_to_nor_are_its_answers(app, ann, bob, dan):
    question = ann.ask()
    answer = bob.answer(question)
    assert dan.post(f"/posts/{question}/delete", confirm="yes").status_code == 302

    async def scene(listening):
        for post in (question, answer):
            async with listening.open(ann, f"topic=post:{post}") as stream:
                assert stream.status == 410
        async with listening.open(dan, f"topic=post:{question}") as stream:
            assert stream.status == 200

    listen(app, scene)


def test_when_many_have_left_their_memory_is_given_back_once(monkeypatch):
    given = []
    monkeypatch.setattr(live, "TRIM_COUNT", 3)
    monkeypatch.setattr(live, "trim_memory", lambda: given.append(len(hub.listeners)))
    hub = live.Hub(None, Wakeup(None))
    for present in (0, 5, 5, 3, 2, 2, 2, 1, 1, 0, 0):
        hub.listeners = dict.fromkeys(range(present))
        hub.trim_if_calm()
    assert given == [2]
