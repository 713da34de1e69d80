"""Worker processes, with a Redis server for the test or without one."""

import os
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis, RedisError
from sqlalchemy import func, select

from madang.boards.models import Board
from madang.core.db import db, transaction
from madang.core.queue import Job
from madang.core.queue.rq_transport import RqTransport
from tests.conftest import skip_missing
from tests.conventions import ROOT
from tests.faults.slow_job import dig

from .site import soon

SECRET = "the same for every process of this site, and long enough"


class Workers:
    """The processes of a test; they are killed at its end."""

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
        program = f"from tests.faults.slow_job import main; main({str(self.folder)!r}, {count})"
        return self.start(sys.executable, "-c", program)

    def redis(self, port: int) -> subprocess.Popen:
        server = shutil.which("redis-server") or shutil.which("valkey-server")
        if server is None:
            skip_missing("no Redis on this machine")
        options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder))
        process = self.start(server or "", *options)
        assert soon(lambda: is_reachable(port)), "Redis does not start"
        return process

    def enqueue(self, times: int, seconds: float) -> list[int]:
        with self.app.app_context(), transaction():
            return [dig.enqueue(owner_id=1, seconds=seconds).id for _ in range(times)]

    def are_done(self, jobs: list[int]) -> bool:
        with self.app.app_context():
            ended = select(func.count()).select_from(Job).where(Job.id.in_(jobs), Job.state == "done")
            return db.session.scalar(ended) == len(jobs)

    def effects(self) -> int:
        with self.app.app_context():
            return db.session.scalar(select(Board.post_count).where(Board.slug == "qa")) or 0


def is_reachable(port: int) -> bool:
    try:
        return bool(Redis(port=port, socket_connect_timeout=1).ping())
    except (RedisError, OSError):
        return False


@pytest.fixture
def workers(app, tmp_path):
    workers = Workers(app, tmp_path)
    workers.settings = {
        "MADANG_CONFIG": "testing",
        "MADANG_DATABASE_URL": app.config["DATABASE_URL"],
        "MADANG_SECRET_KEY": SECRET,
        "MADANG_REDIS_URL": "",
    }
    yield workers
    for process in workers.processes:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait(20)


@pytest.fixture
def port(app, workers):
    """A free port, which workers and this process use for Redis."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    workers.settings["MADANG_REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    before = app.extensions["job_transport"]
    app.extensions["job_transport"] = RqTransport(workers.settings["MADANG_REDIS_URL"], SECRET)
    yield port
    app.extensions["job_transport"] = before
