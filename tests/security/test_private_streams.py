"""Streams and notifications about what stands on a board end with the right to see it."""

import asyncio

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from madang.accounts.models import User
from madang.core.db import db, transaction
from madang.core.ttl_cache import clear_all
from madang.notifications.models.tables import Notification
from tests.accounts.mailbox import run_jobs
from tests.api.programs import program_of
from tests.notifications.stream_client import run_with_streams
from tests.people import Person
from tests.timing import TIMEOUT_SECONDS

pytestmark = pytest.mark.each_database


def set_readers(ruth: Person, readers: str, slug: str = "qa") -> None:
    changed = program_of(ruth).patch(f"/admin/boards/{slug}", {"readers": readers}, headers={"If-Match": "*"})
    assert changed.status_code == 200


async def in_thread(call, *arguments, **named):
    return await asyncio.to_thread(call, *arguments, **named)


async def closed(stream) -> None:
    """Wait until the server has closed a stream."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not stream.is_closed:
            await asyncio.sleep(0.05)


def unread(app: Flask, person: Person) -> tuple[int, int]:
    """The number of a person's unread notifications, and what their badge says."""
    with app.app_context():
        rows = select(func.count()).where(
            Notification.user_id == person.id, Notification.is_activity, Notification.read_at.is_(None)
        )
        badge = select(User.unread_notification_count).where(User.id == person.id)
        return db.session.scalar(rows), db.session.scalar(badge)


def test_everybody_reconnects_when_other_people_may_see_a_board(app, ann, bob, ruth):
    """Those who still may see the post hear of it again; those who may not are told that it does not exist."""
    question = ann.ask()
    topic = f"topic=post:{question}"

    async def scenario(streams):
        async with streams.open(bob, topic) as reader, streams.open(ruth, topic) as administrator:
            await in_thread(set_readers, ruth, "staff")
            await closed(reader)
            await closed(administrator)
        async with streams.open(bob, topic) as again:
            assert again.status == 404
        async with streams.open(ruth, topic) as again:
            assert again.status == 200

    run_with_streams(app, scenario)


def test_readers_of_a_post_that_moves_out_of_sight_are_disconnected(app, ann, bob, dan, ruth):
    question = ann.ask("Shall we talk about it?", "It is about the yard.", board="talk")
    set_readers(ruth, "staff", "notice")

    async def scenario(streams):
        async with streams.open(bob, f"topic=post:{question}") as reader, streams.open(bob, "topic=posts") as other:
            await in_thread(dan.post, f"/posts/{question}/move", board="notice")
            await closed(reader)
            assert not other.is_closed

    run_with_streams(app, scenario)


def test_new_posts_on_a_board_are_told_to_those_who_may_see_it(app, ann, bob, dan, ruth):
    set_readers(ruth, "staff", "notice")

    async def scenario(streams):
        async with streams.open(bob, "topic=posts") as member, streams.open(dan, "topic=posts") as moderator:
            hidden = await in_thread(dan.ask, "A notice", "For moderators alone, this is.", board="notice")
            shown = await in_thread(ann.ask)
            assert (await member.next("post_published")).payload["post_id"] == shown
            first = (await moderator.next("post_published")).payload["post_id"]
            second = (await moderator.next("post_published")).payload["post_id"]
            assert [first, second] == [hidden, shown]

    run_with_streams(app, scenario)


def test_the_topic_of_a_board_cannot_be_asked_for(app, ann, ruth):
    set_readers(ruth, "staff", "notice")

    async def scenario(streams):
        for number in range(5):
            async with streams.open(ann, f"topic=board:{number}") as stream:
                assert stream.status == 404

    run_with_streams(app, scenario)


@pytest.mark.parametrize("how", ["the board", "the role", "the post"])
def test_notifications_go_with_the_right_to_see_what_they_tell(app, ann, bob, cho, dan, ruth, how):
    """And the badge with them; others about open boards stay, and so do those of people who still may see it."""
    with app.app_context(), transaction() as session:
        session.execute(update(User).where(User.id == bob.id).values(role="moderator"))
    if how == "the role":
        set_readers(ruth, "staff", "talk")
    question = bob.ask("Shall we talk about it?", "It is about the yard, with @cho.", board="talk")
    dan.comment(question, "A comment, which tells bob and @dan.")
    dan.comment(bob.ask(), "Another, on an open board.")
    run_jobs(app)
    before = {"bob": (2, 2), "cho": (0, 0) if how == "the role" else (1, 1)}
    assert {"bob": unread(app, bob), "cho": unread(app, cho)} == before
    if how == "the board":
        with app.app_context(), transaction() as session:
            session.execute(update(User).where(User.id == bob.id).values(role="member"))
        set_readers(ruth, "staff", "talk")
    elif how == "the post":
        with app.app_context(), transaction() as session:
            session.execute(update(User).where(User.id == bob.id).values(role="member"))
        set_readers(ruth, "staff", "notice")
        assert dan.post(f"/posts/{question}/move", board="notice").status_code == 302
    else:
        changed = program_of(ruth).patch("/admin/users/bob", {"role": "member"}, headers={"If-Match": "*"})
        assert changed.status_code == 200
    clear_all()
    run_jobs(app)
    assert {"bob": unread(app, bob), "cho": unread(app, cho)} == {"bob": (1, 1), "cho": (0, 0)}
