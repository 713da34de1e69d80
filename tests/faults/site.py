"""A site that is served by real processes, which tests can kill and restart."""

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil
from redis import Redis, RedisError
from sqlalchemy import Engine, Executable, Row, create_engine

from tests.conftest import skip_missing
from tests.conventions import ROOT
from tests.timing import TIMEOUT_SECONDS

from .people import PASSWORD, Person

LOWEST_PORT, HIGHEST_PORT = 20_000, 29_999  # outside the range of client ports: a client could connect to itself
WAIT_SECONDS = TIMEOUT_SECONDS
LIMITS = ("LOGIN", "SIGNUP", "POST", "COMMENT", "MESSAGE", "VOTE", "FOLLOW", "TOOL", "UPLOAD")
PICTURE_PROCESS = "madang.core.storage.picture_process"
SETTINGS = {
    "MADANG_CONFIG": "production",
    "MADANG_SECRET_KEY": "for-tests-of-faults-only-93b7c0d41a6e2f58",
    "MADANG_SESSION_COOKIE_SECURE": "no",
    "MADANG_PASSWORD_HASH_MEMORY": "64KB",
    "MADANG_PASSWORD_HASH_TIME": "1",
    **{f"MADANG_{name}_LIMIT": "off" for name in LIMITS},
}


class Site:
    """The settings of a site, and its running processes by name ("web", "worker").

    With `web_processes` "web" is gunicorn's master of so many, which has its socket from here as from systemd.
    """

    def __init__(self, folder: Path, database_url: str, *, web_processes: int = 0, **settings: str) -> None:
        self.folder, self.log = folder, folder / "log"
        self.port = free_port()
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=4096) if web_processes else None
        self.engine: Engine = create_engine(database_url)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MADANG_")}
        place = {"MADANG_INSTANCE": str(folder), "MADANG_DATABASE_URL": database_url}
        self.environ = {**inherited, **SETTINGS, **place, **{f"MADANG_{name}": settings[name] for name in settings}}
        if web_processes:
            (folder / "metrics").mkdir()
            metrics = {"PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics")}
            self.environ |= {"WEB_CONCURRENCY": str(web_processes), "PYTHONPATH": str(ROOT), **metrics}
        self.process_ids: dict[str, int] = {}
        self._forkserver = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forkserver"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=[self._listener.fileno()] if self._listener else [],
            start_new_session=True,  # no signal may end it before its children: it kills them when stdin closes
        )

    def start(self, name: str) -> None:
        """Start the process of this name, without waiting until it is ready."""
        arguments = ["serve", "--port", str(self.port)] if name == "web" else ["worker", "--count", "2"]
        assert self._forkserver.stdin and self._forkserver.stdout
        listener = self._listener.fileno() if self._listener and name == "web" else None
        command = {"arguments": arguments, "environ": self.environ, "log": str(self.log), "listener": listener}
        print(json.dumps(command), file=self._forkserver.stdin, flush=True)
        self.process_ids[name] = int(self._forkserver.stdout.readline())

    def kill(self, name: str) -> None:
        """Kill a process with SIGKILL, as the kernel does when memory runs out."""
        number = self.process_ids.pop(name)
        os.kill(number, signal.SIGKILL)
        assert soon(lambda: not Path(f"/proc/{number}").exists())

    def kill_web_process(self, chance: random.Random) -> None:
        """Kill one of the web processes, which gunicorn replaces."""
        self._kill_one(chance, [each for each in self._descendants() if "gunicorn" in each.cmdline()])

    def kill_picture_process(self, chance: random.Random) -> None:
        """Kill a process that decodes pictures, if one runs now: the next picture starts another one."""
        self._kill_one(chance, [each for each in self._descendants() if PICTURE_PROCESS in each.cmdline()])

    def _descendants(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process_ids["web"]).children(recursive=True)
        return []

    def _kill_one(self, chance: random.Random, processes: list[psutil.Process]) -> None:
        with suppress(psutil.NoSuchProcess):
            if processes:
                chance.choice(processes).kill()

    def madang(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a command and wait for its end."""
        command = [sys.executable, "-m", "madang.cli", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, **options)

    def open(self) -> None:
        """Set the site up and start its web process."""
        make = ("create-admin", "--username", "ruth", "--email", "ruth@example.org", "--password-stdin")
        done = self.madang(*make, input=PASSWORD)
        assert done.returncode == 0, done.stderr
        self.start("web")
        assert soon(self.is_up), self.log.read_text()

    def is_up(self) -> bool:
        try:
            return Person("", self.port).get("/healthz").status == 200
        except (OSError, HTTPException):
            return False

    def people(self, *names: str) -> list[Person]:
        """New members, each logged in."""
        people = [Person(name, self.port) for name in names]
        for person in people:
            person.sign_up()
        return people

    def rows(self, statement: Executable) -> list[Row]:
        with self.engine.connect() as connection:
            return list(connection.execute(statement))

    def change(self, statement: Executable) -> None:
        with self.engine.begin() as connection:
            connection.execute(statement)

    def log_lines(self, words: str) -> list[str]:
        """The lines of the log that contain `words`."""
        return [line for line in self.log.read_text().splitlines() if words in line]

    def close(self) -> None:
        for name in list(self.process_ids):
            with suppress(ProcessLookupError):
                self.kill(name)
        self._forkserver.communicate()
        if self._listener:
            self._listener.close()
        self.engine.dispose()


@contextmanager
def new_site(folder: Path, database_url: str, *, web_processes: int = 0, **settings: str) -> Iterator[Site]:
    """A site in `folder` without processes; processes that run at the end are killed."""
    with closing(Site(folder, database_url, web_processes=web_processes, **settings)) as site:
        yield site


class RedisServer:
    """A Redis server for one test, without persistence."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if program is None:
            skip_missing("no Redis on this machine")
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder))
        self._process = subprocess.Popen([program or "", *options], stdout=subprocess.DEVNULL)
        assert soon(self._is_reachable), "Redis does not start"

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(WAIT_SECONDS)
            self._process = None

    def _is_reachable(self) -> bool:
        try:
            return bool(Redis(port=self.port, socket_connect_timeout=1).ping())
        except (RedisError, OSError):
            return False


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    while True:
        port = random.randint(LOWEST_PORT, HIGHEST_PORT)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def soon(is_true: Callable[[], bool], seconds: float = WAIT_SECONDS) -> bool:
    """Wait until `is_true()`; returns False after `seconds`."""
    until = monotonic() + seconds
    while not is_true():
        if monotonic() > until:
            return False
        sleep(0.05)
    return True


def number_in(address: str) -> int:
    """The last number in an address."""
    return int(re.findall(r"\d+", address)[-1])
