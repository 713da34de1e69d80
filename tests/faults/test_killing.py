"""Repeated `kill -9` of web and worker during writes: everything acknowledged is stored exactly once."""

import os
import random
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from madang.accounts.models import User
from madang.core.queue.models import UNFINISHED, Job
from madang.messages.models import Message
from madang.notifications.models.tables import Notification, NotificationReceipt
from madang.posts.models import Post
from tests.conftest import REQUIRED, skip_missing
from tests.databases import DATABASES, EVERY_TEST, create_database, drop_database

from .site import Site, new_site, redis_server, soon
from .working import WORDS_IN_TEXT, Acknowledged, Members

pytestmark = pytest.mark.faults
KILLS = 50 if EVERY_TEST else 15  # bounds the duration: a kill takes about a second
MESSAGES, ANSWERS, JOBS = 4 * KILLS, KILLS, 4 * KILLS
STEPS_PER_KILL = -(-(MESSAGES + ANSWERS + JOBS) // KILLS)
PEOPLE = ("ann", "bob", "cho", "dan", "eve", "fay", "gus", "hal", "ida", "jun")
READY_SHARE = 0.6  # of kills that wait until the site is up; the others may hit a starting process
MAX_PAUSE_SECONDS = 0.6
DONE_SECONDS = 30  # on an idle machine
NOTIFY = "notifications.notify"


def done_seconds() -> float:
    """The time limit for the remaining work, increased by the load of the machine."""
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    return DONE_SECONDS * max(1.0, 2 * load)


@pytest.fixture
def chance():
    """A random generator: with a fixed seed if MADANG_REQUIRE_ALL is set, else with a new one in each run."""
    seed = int(os.environ.get("MADANG_TEST_SEED") or (1 if REQUIRED else time.time_ns() % 1_000_000))
    print(f"MADANG_TEST_SEED={seed}")
    return random.Random(seed)


@pytest.fixture(params=["sqlite", "postgresql-redis"])
def site(request, tmp_path):
    """A site with one process, or with web, worker, PostgreSQL and Redis."""
    if request.param == "sqlite":
        with new_site(tmp_path, f"sqlite:///{tmp_path / 'madang.db'}") as site:
            yield site
        return
    if "postgresql" not in DATABASES:
        skip_missing("no PostgreSQL on this machine")
    with ExitStack() as stack:
        url = create_database("postgresql", "faults")
        stack.callback(drop_database, url)
        redis = stack.enter_context(redis_server(tmp_path))
        yield stack.enter_context(new_site(tmp_path, url, REDIS_URL=redis.url))


def test_killed_processes_lose_nothing_and_do_nothing_twice(site, chance):
    site.open()
    names = ["web"] if site.engine.dialect.name == "sqlite" else ["web", "worker"]
    members = Members(site.people(*PEOPLE), chance)
    members.ask_questions()
    for name in names[1:]:
        site.start(name)

    working = members.start(messages=MESSAGES, answers=ANSWERS, jobs=JOBS)
    kill_repeatedly(site, members, names, chance)
    restarted_at = time.monotonic()
    for each in working:
        each.result(timeout=done_seconds())
    assert soon(lambda: not waiting(site), done_seconds() - (time.monotonic() - restarted_at)), waiting(site)

    assert_everything_is_stored(site, members.acknowledged)
    assert_each_notification_was_sent_once(site, members.acknowledged)
    assert_counters_are_correct(site)


def kill_repeatedly(site: Site, members: Members, names: list[str], chance: random.Random) -> None:
    choices = [[name] for name in names] + ([names] if len(names) > 1 else [])
    for _kill in range(KILLS):
        members.allow(STEPS_PER_KILL)
        if chance.random() < READY_SHARE:
            assert soon(site.is_up), site.log.read_text()
        time.sleep(chance.uniform(0, MAX_PAUSE_SECONDS))
        killed = chance.choice(choices)
        for name in killed:
            site.kill(name)
        for name in killed:
            site.start(name)


def waiting(site: Site) -> list:
    """The jobs that are due and not done."""
    due = Job.run_at <= datetime.now(UTC)
    return site.rows(select(Job.id, Job.name, Job.state, Job.worker, Job.error).where(Job.state.in_(UNFINISHED), due))


def assert_everything_is_stored(site: Site, acknowledged: Acknowledged) -> None:
    """Each message and answer is stored once, although clients repeat requests without a response; each job is done."""
    assert len(acknowledged.messages) == MESSAGES
    bodies = [row.body for row in site.rows(select(Message.body).where(Message.author_id.is_not(None)))]
    assert sorted(bodies) == sorted(acknowledged.messages)
    answers = [row.body for row in site.rows(select(Post.body).where(Post.parent_id.is_not(None)))]
    assert sorted(answers) == sorted(acknowledged.answers)
    assert len(acknowledged.jobs) == JOBS
    jobs = site.rows(select(Job.id, Job.state, Job.result, Job.error, Job.name))
    counted = {job.id: job for job in jobs if job.name == "tools.count_words"}
    for job_id, word in acknowledged.jobs.items():
        job = counted[job_id]
        assert (job.state, job.result["words"]) == ("done", WORDS_IN_TEXT), (word, job)
    assert not [job for job in jobs if job.error or job.state == "failed"]


def assert_each_notification_was_sent_once(site: Site, acknowledged: Acknowledged) -> None:
    """For authors of questions, owners of jobs and, two minutes later, recipients of messages."""
    notifying = [row.arguments for row in site.rows(select(Job.arguments).where(Job.name == NOTIFY))]
    message_jobs = [arguments["ids"] for arguments in notifying if arguments["kinds"] == ["message_received"]]
    ids = sorted(row.id for row in site.rows(select(Message.id).where(Message.author_id.is_not(None))))
    assert sorted(arguments["message_id"] for arguments in message_jobs) == ids
    site.change(update(Job).where(Job.name == NOTIFY, Job.state == "queued").values(run_at=datetime.now(UTC)))
    assert soon(lambda: not waiting(site)), waiting(site)

    receipts = Counter(row.dedupe_key.split(":")[0] for row in site.rows(select(NotificationReceipt.dedupe_key)))
    jobs = [row.id for row in site.rows(select(Job.id).where(Job.name == "tools.count_words"))]
    assert receipts == {"message": len(ids), "post": len(acknowledged.answers), "job": len(jobs)}
    listed: Counter[str] = Counter()
    for row in site.rows(select(Notification.name, Notification.payload).where(Notification.is_activity)):
        listed[row.name] += row.payload["count"]
    assert listed == {
        "answer_posted": len(acknowledged.answers),
        "job_finished": len(jobs),
    }  # messages are not listed as activity
    assert site.rows(select(Message.id).where(Message.author_id.is_(None))) == []  # a job notifies once, by the bell


def assert_counters_are_correct(site: Site) -> None:
    counted = site.madang("check", "--counts")
    assert counted.returncode == 0, counted.stdout + counted.stderr
    for column in (User.unread_message_count, User.unread_notification_count):
        badge = select(User.username, column, Notification.payload).join(Notification, Notification.user_id == User.id)
        badges = site.rows(badge.where(Notification.state_key == column.key))
        assert len(badges) == len(PEOPLE)
        assert [row.payload["count"] for row in badges] == [row[1] for row in badges]
