"""Listeners of a benchmark: their sessions, the process with their streams, and a member who posts answers."""

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

from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from madang import create_app
from madang.accounts.operations.guests import make_guest
from madang.accounts.operations.sessions import start_session
from madang.core.clock import now
from madang.core.db import transaction

from .listeners import MAX_STREAMS
from .measures import Settings
from .site import ROOT, SETTINGS, TOKEN, Server

ANSWER_SECONDS = 60
NUMBER = re.compile(r"#answer-(\d+)")


class Delays(NamedTuple):
    """Seconds from sending an answer, and from its response, to each listener's event, in ascending order."""

    since_sent: list[float]
    since_answered: list[float]


def make_cookies(instance: Path, listeners: int, settings: Settings | None = None) -> Path:
    """Create the guest sessions that so many listeners need. Returns the file with their cookies, one a line."""
    path = instance / f"cookies-{listeners}"
    if path.exists():
        return path
    own = {name.removeprefix("MADANG_"): value for name, value in SETTINGS.items()}
    app = create_app({**own, **(settings or {}), "JOBS_EMBEDDED": "no", "REDIS_URL": ""}, instance_path=instance)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    with app.app_context(), transaction():
        cookies = [_cookie(signer, app.config["SESSION_COOKIE_NAME"]) for _ in range(-(-listeners // MAX_STREAMS))]
    path.write_text("\n".join(cookies))
    return path


def _cookie(signer: URLSafeTimedSerializer, name: str) -> str:
    token = start_session(
        make_guest(now=now(), locale="en"),
        now=now(),
        lifetime=timedelta(days=7),
        is_remembered=True,
        user_agent="bench",
        ip_address="127.0.0.1",
    )
    return f"{name}={signer.dumps({'_user_id': token, '_fresh': True, '_permanent': True})}"


class Audience:
    """Open event streams with the topic of one post."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.seconds_to_open: float = self._next()["seconds"]

    def listen(self, answer_id: int, *, sent: float, answered: float) -> Delays:
        """Wait until every stream has the event of an answer. Returns the delays since it was sent and answered."""
        while (report := self._next())["answer_id"] != answer_id:
            pass
        moments = sorted(report["heard"])
        return Delays([moment - sent for moment in moments], [max(0.0, moment - answered) for moment in moments])

    def _next(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the listeners have stopped; their error is above")
        return json.loads(line)


@contextmanager
def listening(
    server: Server, instance: Path, post_id: int, count: int, settings: Settings | None = None
) -> Iterator[Audience]:
    """Keep `count` listeners of a post open until the block ends."""
    cookies, topic = str(make_cookies(instance, count, settings)), f"post:{post_id}"
    command = [sys.executable, "-m", "bench.tools.listeners", server.host, str(server.port), cookies, topic, str(count)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Audience(process)
    finally:
        process.kill()
        process.wait()


class Member:
    """A member who posts answers to a question."""

    def __init__(self, server: Server, post_id: int, cookie: str) -> None:
        self.server, self.post_id, self.cookie = server, post_id, cookie
        token = TOKEN.search(self._request("GET", "/")[1])
        assert token is not None
        self._token = token[1]

    def answer(self) -> tuple[int, float, float]:
        """Post an answer. Returns its id, and when it was sent and answered by `time.monotonic`."""
        sent = time.monotonic()
        form = urlencode({"csrf_token": self._token, "body": f"An answer of the moment {time.time_ns()}."})
        location, text = self._request("POST", f"/posts/{self.post_id}/answers", form)
        answered = time.monotonic()
        number = NUMBER.search(location)
        assert number is not None, text[:500]
        return int(number[1]), sent, answered

    def _request(self, method: str, path: str, form: str = "") -> tuple[str, str]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        with closing(HTTPConnection(self.server.host, self.server.port, timeout=ANSWER_SECONDS)) as connection:
            connection.request(method, path, form or None, {"Cookie": self.cookie, **headers})
            response = connection.getresponse()
            return response.headers.get("Location", ""), response.read().decode()
