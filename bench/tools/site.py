"""Site of a benchmark: an instance with generated content, and a server on it as in production."""

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

from madang.config.schema import RATES

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
# For settings of a server whose people are quicker than any person; tools start jobs that take long.
LIMITS_OFF: dict[str, object] = {setting.name: "off" for setting in RATES if setting.name != "TOOL_LIMIT"}
READY = re.compile(r"http://([\d.]+):(\d+)")
TOKEN = re.compile(r'name="csrf[-_]token" (?:content|value)="([^"]+)"')
START_SECONDS = END_SECONDS = 15


def environment(instance: Path, **settings: object) -> dict[str, str]:
    """The environment of a process that uses `instance`, without the caller's own MADANG_ and FLASK_ variables."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MADANG_", "FLASK_"))}
    variables = {f"MADANG_{name}": str(value) for name, value in settings.items()}
    return {**inherited, **SETTINGS, "MADANG_INSTANCE": str(instance), **variables}


def madang_command(*arguments: str) -> list[str]:
    """The command line of `madang` in this Python."""
    return [sys.executable, "-m", "madang.cli", *arguments]


def fill(instance: Path, questions: int, settings: dict[str, object] | None = None) -> None:
    """Create the site and its content unless it was done before."""
    variables = environment(instance, **(settings or {}))
    done = instance / f"filled-{questions}"
    if done.exists():
        return
    instance.mkdir(parents=True, exist_ok=True)
    admin = madang_command("create-admin", "--username", "ruth", "--email", "ruth@example.org", "--password-stdin")
    subprocess.run(admin, input=PASSWORD, text=True, check=True, cwd=ROOT, env=variables)
    demo = madang_command("demo", "--questions", str(questions))
    subprocess.run(demo, check=True, cwd=ROOT, env=variables, stdout=sys.stderr)
    done.touch()


class Server:
    """A running server: its address, and the resources of its processes."""

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
        """User and system time of all its processes since their start."""
        return sum(each.cpu_times().user + each.cpu_times().system for each in self.processes())

    def memory_megabytes(self) -> float:
        """Proportional set size (PSS) of all its processes, in which shared memory counts once."""
        return sum(each.memory_full_info().pss for each in self.processes()) / 1e6

    def main_megabytes(self) -> float:
        """PSS of the first process alone, without its children."""
        return float(psutil.Process(self.process.pid).memory_full_info().pss) / 1e6


@contextmanager
def serving(instance: Path, command: list[str] | None = None, **settings: object) -> Iterator[Server]:
    """Serve `instance` on a free port until the block ends."""
    process = subprocess.Popen(
        [*(command or madang_command("serve")), "--port", "0"],
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
        if match := READY.search(line):
            server = Server(process, match[1], int(match[2]))
            _wait_for(server)
            return server
    raise RuntimeError("the server did not start; its error is above")


def _wait_for(server: Server) -> None:
    """Wait until the server listens, which is shortly after it prints its address."""
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
    """Sign up and log in a new member by the forms, as a browser does. Returns the member's cookies."""
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
