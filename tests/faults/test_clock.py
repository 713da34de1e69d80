"""The clock of the machine is set back or forward by an hour: nobody is logged out or locked out, and nothing waits.

The time of day of the processes is set by a file (`shifted_clock`).
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from madang.core.queue.models import Job
from tests.conventions import ROOT

from .people import PASSWORD, Person
from .site import Site, new_site, number_in, soon

pytestmark = pytest.mark.faults
SHIFTED = Path(__file__).parent / "shifted_clock"
COMMENTS = 10  # in ten minutes, which a slow machine does not reach
LIMITS = {"COMMENT_LIMIT": f"{COMMENTS} per 10 minutes", "LOGIN_LIMIT": "20 per minute"}


@pytest.fixture
def clock(tmp_path) -> Callable[[int], None]:
    """A function that sets the clock of the site to so many hours from now."""

    def set_clock(hours: int) -> None:
        new = tmp_path / "clock.new"
        new.write_text(str(3600 * hours))
        new.replace(tmp_path / "clock")

    set_clock(0)
    return set_clock


@pytest.fixture
def site(tmp_path, clock) -> Iterator[Site]:
    with new_site(tmp_path, f"sqlite:///{tmp_path / 'madang.db'}", web_processes=1, **LIMITS) as site:
        place = {"MADANG_TEST_CLOCK": str(tmp_path / "clock"), "PYTHONPATH": f"{SHIFTED}:{ROOT}"}
        site.environ |= place
        site.open()
        yield site


def count_words(person: Person, text: str) -> int:
    answer = person.post("/tools/word-counter", text=text, url="")
    assert answer.status == 302, answer.text
    return number_in(answer.location)


def is_done(site: Site, job_id: int) -> bool:
    return site.rows(select(func.count()).where(Job.id == job_id, Job.state == "done"))[0][0] == 1


@pytest.mark.parametrize("hours", [-1, 1])
def test_nothing_breaks_when_the_clock_is_set(site, clock, hours):
    ann, bob = site.people("ann", "bob")
    title = "What time is it?"
    question = ann.post("/posts/new", board="qa", title=title, body=f"{title} Please.", tags="").location
    path = question.rsplit("/", 1)[0]
    login = ann.send_json("/auth/login", username="ann", password=PASSWORD)
    assert login.status == 200, login.text
    token = json.loads(login.text)["access_token"]
    for number in range(COMMENTS):
        assert bob.post(f"{path}/comments", body=f"Comment {number} on the time.").status == 302
    assert bob.post(f"{path}/comments", body="One too many.").status == 429

    with ann.listening() as events:
        clock(hours)
        assert ann.get("/settings").status == 200, "logged out"
        assert bob.post(f"{path}/answers", body="Look at the tower.").status == 302, "the token of the form"
        assert events.next("unread_notification_count")["count"] > 0
        assert is_done_soon(site, count_words(ann, "one two three"))
    if hours < 0:  # an access token lives for a quarter of an hour
        assert ann.send_json("/preview", token, body="Hello").status == 200, "the token of a program"
    too_many = bob.post(f"{path}/comments", body="Is it still too many?")
    assert (too_many.status, too_many.retry_after <= 600) == (429, True)
    bob.log_in()
    assert bob.get("/notifications").status == 200
    assert soon(lambda: "Look at the tower." in Person("", site.port).get(question).text)

    clock(0)
    assert ann.get("/settings").status == 200
    assert bob.get("/settings").status == 200
    assert ann.post("/posts/new", board="qa", title="And now?", body="The time, please.", tags="").status == 302
    assert is_done_soon(site, count_words(bob, "four five six"))
    assert not site.log_lines("Traceback"), site.log.read_text()


def is_done_soon(site: Site, job_id: int) -> bool:
    return soon(lambda: is_done(site, job_id))
