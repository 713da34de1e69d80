"""Stopping and starting Redis: pages work, events are delayed, and the log reports it once."""

import time

import pytest
from sqlalchemy import func, select

from madang.core.queue.models import Job
from madang.messages.models import Message

from .people import Person
from .site import Site, new_site, number_in, redis_server, soon

pytestmark = pytest.mark.faults
LIMITS = {f"{name}_LIMIT": "1000 per minute" for name in ("LOGIN", "POST", "MESSAGE", "TOOL")}
PUSH_SECONDS = 0.3  # less than the interval of polling
LATE_SECONDS = 30
REPEAT_SECONDS = 6


@pytest.fixture
def redis(tmp_path):
    with redis_server(tmp_path) as server:
        yield server


@pytest.fixture
def site(tmp_path, redis):
    """Web and worker as two processes with wakeups and rate limits in Redis."""
    with new_site(tmp_path, f"sqlite:///{tmp_path / 'madang.db'}", REDIS_URL=redis.url, **LIMITS) as site:
        site.open()
        site.start("worker")
        yield site


def request_job(person: Person, text: str) -> int:
    answer = person.post("/tools/word-counter", text=text, url="")
    assert answer.status == 302, answer.text
    return number_in(answer.location)


def seconds_until_notified(person: Person) -> float:
    """The time from the request of a job to the event of its end, which another process writes."""
    with person.listening() as events:
        started = time.monotonic()
        job_id = request_job(person, f"requested at {started}")
        while (event := events.next("job_progress"))["job_id"] != job_id or event["state"] != "done":
            pass
        return time.monotonic() - started


def test_redis_is_stopped_and_started(site, redis):
    ann, bob = site.people("ann", "bob")
    assert soon(lambda: seconds_until_notified(ann) < PUSH_SECONDS)

    redis.stop()
    assert_everything_works_without_redis(site, ann, bob)
    assert soon(lambda: len(site.log_lines("Redis does not answer")) == 2), site.log.read_text()
    time.sleep(REPEAT_SECONDS)
    assert len(site.log_lines("Redis does not answer")) == 2, site.log.read_text()  # one line of each process
    assert not site.log_lines("Redis answers again")

    redis.start()
    assert soon(lambda: len(site.log_lines("Redis answers again")) == 2), site.log.read_text()
    assert soon(lambda: seconds_until_notified(ann) < PUSH_SECONDS)
    assert len(site.log_lines("Redis")) == 4, site.log.read_text()
    assert not site.log_lines("Traceback"), site.log.read_text()


def assert_everything_works_without_redis(site: Site, ann: Person, bob: Person) -> None:
    """Logging in, pages, messages, jobs and the event stream work, and none waits for Redis."""
    ann.log_in()
    started = time.monotonic()
    for path in ("/", "/questions", "/messages", "/notifications", "/jobs", "/readyz"):
        assert ann.get(path).status == 200, path
    with bob.listening() as events:
        for number in range(5):
            assert ann.post("/messages/new", to="bob", title="", body=f"Message {number}").status == 302
        assert events.next("unread_message_count")["count"] > 0
    assert time.monotonic() - started < LATE_SECONDS
    jobs = [request_job(ann, f"text {number}") for number in range(5)]
    done = select(func.count()).where(Job.id.in_(jobs), Job.state == "done")
    assert soon(lambda: site.rows(done)[0][0] == len(jobs), LATE_SECONDS), site.log.read_text()
    assert seconds_until_notified(ann) < LATE_SECONDS
    assert site.rows(select(func.count()).where(Message.author_id.is_not(None)))[0][0] == 5


def test_the_site_starts_without_redis(site, redis):
    (ann,) = site.people("ann")
    for name in ("web", "worker"):
        site.kill(name)
    redis.stop()
    for name in ("web", "worker"):
        site.start(name)
    assert soon(site.is_up), site.log.read_text()
    ann.log_in()
    assert seconds_until_notified(ann) < LATE_SECONDS
    redis.start()
    assert soon(lambda: len(site.log_lines("Redis answers again")) == 2), site.log.read_text()
    assert not site.log_lines("Traceback"), site.log.read_text()
