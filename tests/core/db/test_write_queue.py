"""The queue of the processes that write to one SQLite database: a busy one cannot keep the others waiting."""

import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from madang.core.db.sqlite import create_sqlite_engine
from madang.core.db.write_queue import NEXT, SUFFIX, take_turn
from tests.conventions import ROOT
from tests.faults.site import soon
from tests.timing import TIMEOUT_SECONDS

ROUNDS = 20
# Another process: takes a turn for each line that it is sent, notes it in a file, and ends it after the next line.
OTHER = """
import os, sys
from madang.core.db.write_queue import take_turn
for line in sys.stdin:
    file = take_turn(sys.argv[1], 120)
    with open(sys.argv[2], "a") as order:
        order.write("b")
    if line.strip() == "keep":
        sys.stdin.readline()
    os.close(file)
"""


class Other:
    """The other process."""

    def __init__(self, path: str, order: Path) -> None:
        self.order = order
        command = [sys.executable, "-c", OTHER, path, str(order)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, text=True)

    def begin(self, line: str = "once") -> None:
        assert self.process.stdin
        print(line, file=self.process.stdin, flush=True)

    def has_turns(self, number: int) -> bool:
        return soon(lambda: self.order.read_text().count("b") == number)


@pytest.fixture
def path(tmp_path) -> str:
    (tmp_path / "madang.db").touch()
    return str(tmp_path / "madang.db")


@pytest.fixture
def other(path, tmp_path) -> Iterator[Other]:
    (tmp_path / "order").touch()
    other = Other(path, tmp_path / "order")
    yield other
    other.process.kill()
    other.process.communicate(timeout=TIMEOUT_SECONDS)


def _waits(file: int) -> bool:
    """Whether another process is the next one; `file` is the turn of this one."""
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, NEXT)
    except OSError:
        return True
    fcntl.lockf(file, fcntl.LOCK_UN, 1, NEXT)
    return False


def test_a_process_that_writes_all_the_time_lets_a_waiting_one_pass(path, other):
    file = take_turn(path, TIMEOUT_SECONDS)
    for _round in range(ROUNDS):
        other.begin()
        assert soon(lambda file=file: _waits(file)), "the other process does not wait"
        os.close(file)
        file = take_turn(path, TIMEOUT_SECONDS)  # at once, as the next writer of a busy process does
        with other.order.open("a") as order:
            order.write("a")
    os.close(file)
    assert other.order.read_text() == "ba" * ROUNDS


def test_a_process_that_is_killed_leaves_its_turn(path, other):
    other.begin("keep")
    assert other.has_turns(1)
    other.process.kill()
    os.close(take_turn(path, TIMEOUT_SECONDS))


def test_a_process_that_stands_still_is_waited_for_only_so_long(path, other, monkeypatch):
    other.begin("keep")
    assert other.has_turns(1)
    with pytest.raises(TimeoutError):
        take_turn(path, 0.1)
    monkeypatch.setattr("madang.core.db.sqlite.WRITE_WAIT_SECONDS", 0.1)
    engine = create_sqlite_engine(f"sqlite:///{path}", "FULL")
    with closing(engine.raw_connection()) as connection:
        for _time in range(2):  # the first failure has left no lock behind
            with pytest.raises(sqlite3.OperationalError, match="database is locked"):
                connection.driver_connection.begin_write(path)
        other.begin("end")
        monkeypatch.setattr("madang.core.db.sqlite.WRITE_WAIT_SECONDS", TIMEOUT_SECONDS)
        connection.driver_connection.begin_write(path)
        connection.rollback()
    engine.dispose()
    os.close(take_turn(path, TIMEOUT_SECONDS))


def test_a_database_whose_folder_takes_no_file_is_written_to_without_the_queue(tmp_path):
    assert take_turn(str(tmp_path / "missing" / "madang.db"), 1) is None


def test_the_file_of_the_queue_can_be_used_by_whom_the_database_can(path):
    Path(path).chmod(0o660)
    if os.geteuid() == 0:
        os.chown(path, 4242, 4243)
    os.close(take_turn(path, TIMEOUT_SECONDS))
    database, queue = Path(path).stat(), Path(path + SUFFIX).stat()
    assert (queue.st_uid, queue.st_gid) == (database.st_uid, database.st_gid)
    assert queue.st_mode & 0o600 == 0o600


@pytest.mark.parametrize("is_dangling", [True, False])
def test_a_link_in_place_of_the_file_is_not_followed(path, tmp_path, is_dangling):
    target = tmp_path / "elsewhere"
    if not is_dangling:
        target.touch()
    Path(path + SUFFIX).symlink_to(target)
    assert take_turn(path, TIMEOUT_SECONDS) is None
    assert target.exists() != is_dangling
