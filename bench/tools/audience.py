"""Who listens in a benchmark: people with sessions, their streams in a process of their own, a member who answers."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from madang import create_app
from madang.accounts.operations.guests import make_guest
from madang.accounts.operations.sessions import start_session
from madang.core.clock import now
from madang.core.db import transaction

from .listeners import MOST_STREAMS
from .site import ROOT, SETTINGS, TOKEN, Server

ANSWER_SECONDS = 60
NUMBER = re.compile(r"#answer-(\d+)")


class Heard(NamedTuple):
    """Seconds from a moment to each listener's event, the soonest first."""

    since_sent: list[float]
    since_answered: list[float]


def make_cookies(instance: Path, listeners: int) -> Path:
    """Sessions straight in the database, as many as so many listeners need; the file of their cookies, one a line."""
    place = instance / f"cookies-{listeners}"
    if place.exists():
        return place
    kept = {name.removeprefix("MADANG_"): value for name, value in SETTINGS.items()}
    app = create_app({**kept, "JOBS_EMBEDDED": "no", "REDIS_URL": ""}, instance_path=instance)
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    with app.app_context(), transaction():
        cookies = [_cookie(signer, app.config["SESSION_COOKIE_NAME"]) for _ in range(-(-listeners // MOST_STREAMS))]
    place.write_text("\n".join(cookies))
    return place


def _cookie(signer: Any, name: str) -> str:
    person = make_guest(now=now(), locale="en")
    lasting = {"lifetime": timedelta(days=7), "is_remembered": True}
    token = start_session(person, now=now(), **lasting, user_agent="bench", ip_address="127.0.0.1")  # type: ignore[arg-type]
    return f"{name}={signer.dumps({'_user_id': token, '_fresh': True, '_permanent': True})}"


class Audience:
    """Open streams that all listen to one post."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.seconds_to_open: float = self._next()["seconds"]

    def listen(self, answer_id: int, *, sent: float, answered: float) -> Heard:
        """When each of them has heard of an answer."""
        while (said := self._next())["answer_id"] != answer_id:
            pass
        moments = sorted(said["heard"])
        return Heard([moment - sent for moment in moments], [max(0.0, moment - answered) for moment in moments])

    def _next(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the listeners have stopped; they have said why above")
        return json.loads(line)


@contextmanager
def listening(server: Server, instance: Path, post_id: int, count: int) -> Iterator[Audience]:
    """So many listeners until the block ends."""
    cookies, topic = str(make_cookies(instance, count)), f"post:{post_id}"
    command = [sys.executable, "-m", "bench.tools.listeners", server.host, str(server.port), cookies, topic, str(count)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Audience(process)
    finally:
        process.kill()
        process.wait()


class Member:
    """A member who answers a question again and again."""

    def __init__(self, server: Server, post_id: int, cookie: str) -> None:
        self.server, self.post_id, self.cookie = server, post_id, cookie
        token = TOKEN.search(self._ask("GET", "/")[1])
        assert token is not None
        self._token = token[1]

    def answer(self) -> tuple[int, float, float]:
        """Post an answer; returns its number and the moments when it was sent, and when the site had taken it."""
        sent = time.monotonic()
        form = urlencode({"csrf_token": self._token, "body": f"An answer of the moment {time.time_ns()}."})
        location, text = self._ask("POST", f"/posts/{self.post_id}/answers", form)
        answered = time.monotonic()
        number = NUMBER.search(location)
        assert number is not None, text[:500]
        return int(number[1]), sent, answered

    def _ask(self, method: str, path: str, form: str = "") -> tuple[str, str]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        with closing(HTTPConnection(self.server.host, self.server.port, timeout=ANSWER_SECONDS)) as connection:
            connection.request(method, path, form or None, {"Cookie": self.cookie, **kind})
            response = connection.getresponse()
            return response.headers.get("Location", ""), response.read().decode()
