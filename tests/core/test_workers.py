"""Workers as processes: killed at any moment, with Redis and while Redis is away."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

import pytest
from redis import Redis, RedisError
from sqlalchemy import func, select

from madang.boards.models import Board
from madang.core import ratelimit
from madang.core.db import db, transaction
from madang.core.errors import RateLimited
from madang.core.jobs import Job
from madang.core.jobs.carrier import Carrier
from tests.conftest import left_out
from tests.core.working import dig
from tests.house import ROOT
from tests.pace import PATIENCE_SECONDS

SECRET = "the same for every process of this site, and long enough"


class Yard:
    """The processes of a test; all that is left is killed at the end."""

    def __init__(self, app, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.settings: dict[str, str] = {}
        self.processes: list[subprocess.Popen] = []
        self.log = folder / "worker.log"

    def start(self, *command: str) -> subprocess.Popen:
        with self.log.open("a") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | self.settings, stdout=subprocess.DEVNULL, stderr=log
            )
        self.processes.append(process)
        return process

    def worker(self, count: int = 1) -> subprocess.Popen:
        program = f"from tests.core.working import main; main({str(self.folder)!r}, {count})"
        return self.start(sys.executable, "-c", program)

    def redis(self, port: int) -> subprocess.Popen:
        server = shutil.which("redis-server") or shutil.which("valkey-server")
        if server is None:
            left_out("no Redis on this machine")
        options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder))
        process = self.start(server or "", *options)
        assert soon(lambda: answers(port)), "Redis does not start"
        return process

    def ask(self, times: int, seconds: float) -> list[int]:
        with self.app.app_context(), transaction():
            return [dig.later(owner_id=1, seconds=seconds).id for _ in range(times)]

    def are_done(self, jobs: list[int]) -> bool:
        with self.app.app_context():
            ended = select(func.count()).select_from(Job).where(Job.id.in_(jobs), Job.state == "done")
            return db.session.scalar(ended) == len(jobs)

    def effects(self) -> int:
        with self.app.app_context():
            return db.session.scalar(select(Board.post_count).where(Board.slug == "qa")) or 0


def answers(port: int) -> bool:
    try:
        return bool(Redis(port=port, socket_connect_timeout=1).ping())
    except (RedisError, OSError):
        return False


def soon(is_true, seconds: float = PATIENCE_SECONDS) -> bool:
    until = monotonic() + seconds
    while monotonic() < until:
        if is_true():
            return True
        sleep(0.05)
    return False


@pytest.fixture
def yard(app, tmp_path):
    yard = Yard(app, tmp_path)
    yard.settings = {
        "MADANG_CONFIG": "testing",
        "MADANG_DATABASE_URL": app.config["DATABASE_URL"],
        "MADANG_SECRET_KEY": SECRET,
        "MADANG_REDIS_URL": "",
    }
    yield yard
    for process in yard.processes:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait(20)


@pytest.fixture
def port(app, yard):
    """The port of a Redis that workers and this process are told of."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    yard.settings["MADANG_REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    before = app.extensions["job_carrier"]
    app.extensions["job_carrier"] = Carrier(yard.settings["MADANG_REDIS_URL"], SECRET)
    yield port
    app.extensions["job_carrier"] = before


def test_workers_that_are_killed_again_and_again_lose_nothing_and_do_nothing_twice(yard):
    jobs = yard.ask(20, seconds=0.3)
    workers = [yard.worker(2), yard.worker(2)]
    for turn in range(4):
        assert soon(lambda least=turn * 2 + 1: yard.effects() >= least)
        sleep(0.13 * turn)
        workers[turn % 2].send_signal(signal.SIGKILL)
        workers[turn % 2] = yard.worker(2)
    assert soon(lambda: yard.are_done(jobs)), yard.log.read_text()
    assert yard.effects() == 20


def test_a_worker_finishes_its_job_when_it_is_told_to_end(yard):
    jobs = yard.ask(1, seconds=2)
    worker = yard.worker()
    assert soon(lambda: _states(yard) == {"running"})
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert yard.are_done(jobs)


def _states(yard: Yard) -> set[str]:
    with yard.app.app_context():
        return set(db.session.scalars(select(Job.state)))


def test_jobs_go_on_while_redis_is_away_and_the_log_says_so_once(yard, port):
    redis = yard.redis(port)
    yard.worker(2)
    first = yard.ask(3, seconds=0.1)
    assert soon(lambda: yard.are_done(first)), yard.log.read_text()

    redis.kill()
    redis.wait(20)
    second = yard.ask(6, seconds=0.1)
    assert soon(lambda: yard.are_done(second)), yard.log.read_text()
    sleep(3)  # as long as it takes to complain often
    assert yard.log.read_text().count("Redis does not answer") == 1, yard.log.read_text()

    yard.redis(port)
    assert soon(lambda: "Redis answers again" in yard.log.read_text())
    third = yard.ask(6, seconds=0.1)
    assert soon(lambda: yard.are_done(third)), yard.log.read_text()
    assert yard.effects() == 15
    assert "Traceback" not in yard.log.read_text()


def test_jobs_go_on_while_redis_hangs(yard, port):
    redis = yard.redis(port)
    yard.worker()
    first = yard.ask(1, seconds=0)
    assert soon(lambda: yard.are_done(first)), yard.log.read_text()
    redis.send_signal(signal.SIGSTOP)
    started = monotonic()
    second = yard.ask(3, seconds=0)
    assert monotonic() - started < 5, "whoever asks does not wait for Redis"
    assert soon(lambda: yard.are_done(second)), yard.log.read_text()
    redis.send_signal(signal.SIGCONT)
    assert soon(lambda: "Redis answers again" in yard.log.read_text())
    third = yard.ask(3, seconds=0)
    assert soon(lambda: yard.are_done(third)), yard.log.read_text()


def test_numbers_that_redis_has_lost_are_found_in_the_table(yard, port):
    yard.redis(port)
    jobs = yard.ask(4, seconds=0.1)
    Redis(port=port).flushall()
    yard.worker()
    assert soon(lambda: yard.are_done(jobs)), yard.log.read_text()
    assert yard.effects() == 4


def test_redis_brings_a_job_at_once(yard, port):
    """Sooner than a look at the table would have found it."""
    yard.redis(port)
    yard.worker()
    assert soon(lambda: Redis(port=port).info("clients")["blocked_clients"] == 1), yard.log.read_text()
    waits = []
    for _time in range(3):
        (job_id,) = yard.ask(1, seconds=0)
        started = monotonic()
        assert soon(lambda number=job_id: yard.are_done([number]))
        waits.append(monotonic() - started)
    assert min(waits) < 1
    left = lambda: Redis(port=port).keys("rq:job:*") + Redis(port=port).keys("*:intermediate")  # noqa: E731
    assert soon(lambda: left() == []), "what was received is taken off"


def test_rates_are_counted_on_while_redis_is_away(yard, port, caplog):
    redis = yard.redis(port)
    ratelimit.connect(yard.settings["MADANG_REDIS_URL"])
    try:
        ratelimit.check_rate("2 per hour", "ann")
        redis.kill()
        redis.wait(20)
        for _time in range(2):
            ratelimit.check_rate("2 per hour", "ann")
        for _time in range(2):
            with pytest.raises(RateLimited):
                ratelimit.check_rate("2 per hour", "ann")
        assert caplog.text.count("Redis does not answer") == 1
    finally:
        ratelimit.connect(None)
