"""Benchmark of what follows a write: `bin/bench jobs [--database URL]` prints a table. README.md says how to read it.

People with ten followers answer, comment and vote in this process, and then their jobs run in it, so that nothing else
is counted. The database must be empty.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from time import process_time

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from madang import create_app
from madang.accounts.models import User
from madang.accounts.operations.signing_up import sign_up
from madang.accounts.queries.actors import actor_of
from madang.admin.operations.setup import open_site
from madang.boards.queries import get_board
from madang.comments.operations.writing import post_comment
from madang.core.actor import COMMAND_LINE, Actor
from madang.core.clock import at, now
from madang.core.db import db, transaction
from madang.core.db.upgrade import MIGRATIONS
from madang.core.queue import Job, run_due
from madang.following.operations.following import follow
from madang.messages.operations.writing import start_conversation
from madang.posts.models import Post
from madang.posts.operations.answering import post_answer
from madang.posts.operations.publishing import publish_post
from madang.votes.operations.voting import vote_on_post

from .tools.tables import HEAD, Result, machine

FOLLOWERS = 10
WRITES = 100
Write = Callable[[int], object]


def make_people() -> tuple[list[Actor], int]:
    """The people (one asks, one answers, ten follow both), and a question of the first."""
    with transaction():
        open_site(name="Bench", locale="en", now=now())
        users = [_sign_up(f"person{number}") for number in range(FOLLOWERS + 2)]
        actors = [actor_of(user) for user in users]
        asker, answerer = users[:2]
        words = {"title": "How do I move a yard?", "body": "I tried the obvious things.", "tags": "yard"}
        question = publish_post(get_board("qa", COMMAND_LINE), actor=actors[0], now=now(), **words)
        for actor in actors[2:]:
            for subject in (asker, answerer, question):
                follow(subject, actor=actor, now=now())
    run_due()
    return actors, question.id


def _sign_up(name: str) -> User:
    password = "nine geese on ice"
    return sign_up(username=name, email=f"{name}@example.org", password=password, password2=password, now=now())


def writes(actors: list[Actor], question_id: int) -> Iterator[tuple[str, Write]]:
    """Each kind of write, by its name, as a function of its number."""
    _asker, answerer, *followers = actors
    yield (
        "an answer",
        lambda number: post_answer(_post(question_id), actor=answerer, body=f"Answer number {number}.", now=now()),
    )
    yield (
        "a comment",
        lambda number: post_comment(_post(question_id), actor=answerer, body=f"Remark number {number}.", now=now()),
    )
    yield (
        "a vote",
        lambda number: vote_on_post(_post(question_id), number % 2, actor=followers[number % FOLLOWERS], now=now()),
    )
    yield (
        "a message",
        lambda number: start_conversation(actor=answerer, to="person0", body=f"Message number {number}.", now=now()),
    )


def _post(post_id: int) -> Post:
    return db.session.get_one(Post, post_id)


def measure(app: Flask) -> Iterator[Result]:
    """The cost of each write and of its jobs, in milliseconds of processor time a write."""
    bound = 4 if db.engine.dialect.name == "sqlite" else 8
    actors, question_id = make_people()
    for name, write in writes(actors, question_id):
        jobs_before = _count_jobs()
        written = cpu(lambda write=write: [_commit(write, number) for number in range(WRITES)]) / WRITES
        with at(now() + timedelta(minutes=3)):  # a message that is read within two minutes needs no notification
            followed = cpu(run_due) / WRITES
        jobs = (_count_jobs() - jobs_before) / WRITES
        yield Result(f"{name} to {FOLLOWERS} followers", None, written, "ms")
        yield Result(f"its {jobs:.1f} jobs", bound, followed, "ms")


def _commit(write: Write, number: int) -> None:
    with transaction():
        write(number)


def _count_jobs() -> int:
    return db.session.scalar(select(func.count()).select_from(Job)) or 0


def cpu(act: Callable[[], object]) -> float:
    """Milliseconds of processor time that `act` takes in this process."""
    started = process_time()
    act()
    return (process_time() - started) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", help="an empty database, as MADANG_DATABASE_URL; SQLite without it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder:
        settings = {"DATABASE_URL": options.database} if options.database else {}
        app = create_app(settings, instance_path=folder)
        with app.app_context():
            upgrade(directory=str(MIGRATIONS))
            print(f"{machine()}, {db.engine.dialect.name}\n\n{HEAD}")
            for result in measure(app):
                print(result, flush=True)


if __name__ == "__main__":
    main()
