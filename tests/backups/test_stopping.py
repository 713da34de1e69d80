"""A site that is stopped leaves every post in the database file alone."""

import os
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest

from tests.faults.site import new_site, soon

pytestmark = pytest.mark.faults
POSTS = 30


def stop(site, name: str) -> None:
    """End a process as systemd does, and wait for its end."""
    number = site.process_ids.pop(name)
    os.kill(number, signal.SIGTERM)
    assert soon(lambda: not Path(f"/proc/{number}").exists()), site.log.read_text()


def titles_in_copy(site, tmp_path) -> list[str]:
    """The titles of the posts in a copy of the database file alone."""
    copy = shutil.copy(tmp_path / "madang.db", tmp_path / "copy.db")
    with sqlite3.connect(copy) as connection:
        return [title for (title,) in connection.execute("SELECT title FROM posts WHERE title LIKE 'Post %'")]


def is_merged(tmp_path) -> bool:
    log = tmp_path / "madang.db-wal"
    return not log.exists() or log.stat().st_size == 0


@pytest.fixture
def site(tmp_path):
    with new_site(tmp_path, f"sqlite:///{tmp_path / 'madang.db'}") as site:
        site.open()
        yield site


def post(site, tmp_path) -> None:
    (ann,) = site.people("ann")
    for number in range(POSTS):
        ann.post_until_accepted("/posts/new", board="qa", title=f"Post {number}", body="Words about it.", tags="")
    assert not is_merged(tmp_path), "SQLite merges it by itself: the test proves nothing"


def test_the_web_process_merges_the_log_when_it_stops(site, tmp_path):
    post(site, tmp_path)
    stop(site, "web")
    assert is_merged(tmp_path) and len(titles_in_copy(site, tmp_path)) == POSTS


def test_a_worker_that_stops_last_merges_what_a_killed_process_left(site, tmp_path):
    site.start("worker")
    post(site, tmp_path)
    site.kill("web")
    assert soon(lambda: "Working" in site.log.read_text())
    assert not is_merged(tmp_path)
    stop(site, "worker")
    assert is_merged(tmp_path) and len(titles_in_copy(site, tmp_path)) == POSTS
