"""A site to measure: an instance full of made-up content, and a server on it as in production."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psutil

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "nine quiet herons at dawn"
SETTINGS = {
    "MADANG_CONFIG": "production",
    "MADANG_SECRET_KEY": "for-benchmarks-only-4c1f0e7b9a6d2835",
    "MADANG_SESSION_COOKIE_SECURE": "no",
    "MADANG_LOG_LEVEL": "ERROR",
    "MADANG_LOGIN_LIMIT": "off",
    "MADANG_SIGNUP_LIMIT": "off",
}
READY = re.compile(r"http://([\d.]+):(\d+)")
TOKEN = re.compile(r'name="csrf[-_]token" (?:content|value)="([^"]+)"')
START_SECONDS = END_SECONDS = 15


def environment(instance: Path, **settings: object) -> dict[str, str]:
    """The variables of a process that serves or fills `instance`; none of the surroundings' own settings count."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MADANG_", "FLASK_"))}
    given = {f"MADANG_{name}": str(value) for name, value in settings.items()}
    return {**kept, **SETTINGS, "MADANG_INSTANCE": str(instance), **given}


def madang(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "madang.cli", *arguments]


def fill(instance: Path, questions: int) -> None:
    """Make the site and its content, unless that was done before."""
    done = instance / f"filled-{questions}"
    if done.exists():
        return
    instance.mkdir(parents=True, exist_ok=True)
    admin = madang("create-admin", "--username", "ruth", "--email", "ruth@example.org", "--password-stdin")
    subprocess.run(admin, input=PASSWORD, text=True, check=True, cwd=ROOT, env=environment(instance))
    demo = madang("demo", "--questions", str(questions))
    subprocess.run(demo, check=True, cwd=ROOT, env=environment(instance), stdout=sys.stderr)
    done.touch()


class Server:
    """A running server: where it listens, and what its processes use."""

    def __init__(self, process: subprocess.Popen[str], host: str, port: int) -> None:
        self.process, self.host, self.port = process, host, port

    @property
    def address(self) -> tuple[str, int]:
        return self.host, self.port

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def processes(self) -> list[psutil.Process]:
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """User and system time of all its processes since they began."""
        return sum(each.cpu_times().user + each.cpu_times().system for each in self.processes())

    def memory_megabytes(self) -> float:
        """PSS of all its processes: what is shared counts once."""
        return sum(each.memory_full_info().pss for each in self.processes()) / 1e6


@contextmanager
def serving(instance: Path, command: list[str] | None = None, **settings: object) -> Iterator[Server]:
    """Serve `instance` on a free port until the block ends."""
    process = subprocess.Popen(
        [*(command or madang("serve")), "--port", "0"],
        cwd=ROOT,
        env=environment(instance, **settings),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _ready(process)
    finally:
        process.terminate()
        process.wait(END_SECONDS)


def _ready(process: subprocess.Popen[str]) -> Server:
    assert process.stdout is not None
    for line in process.stdout:
        if found := READY.search(line):
            server = Server(process, found[1], int(found[2]))
            _wait_for(server)
            return server
    raise RuntimeError("the server did not start; it has said why above")


def _wait_for(server: Server) -> None:
    """It names its address a moment before it listens."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(server.address).close()
            return
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def log_in(server: Server) -> str:
    """Sign up and log in by the forms, as a browser does; returns the cookies of the new member."""
    cookies = CookieJar()
    browser = build_opener(HTTPCookieProcessor(cookies))
    name = f"reader{time.time_ns()}"[:25]
    fields = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, "password2": PASSWORD}
    for path in ("/auth/signup", "/auth/login"):
        page = browser.open(server.url + path).read().decode()
        if token := TOKEN.search(page):
            browser.open(server.url + path, urlencode({"csrf_token": token[1], **fields}).encode())
    if "/auth/logout" not in browser.open(server.url + "/").read().decode():
        raise RuntimeError("the new member could not log in")
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)
