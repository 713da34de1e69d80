"""Measurements: processor time and throughput of a server, and queries of pages in this process."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from madang import create_app
from madang.core.db import db
from madang.core.ttl_cache import clear_all
from madang.posts.models import Post

from .load import Connection, connections
from .site import PASSWORD, ROOT, SETTINGS, TOKEN, Server

WARM_UP = 100
Settings = dict[str, object]


def cpu_of_page(server: Server, path: str, *, requests: int, cookie: str = "") -> float:
    """Milliseconds of the server's processor time for one request, after a warm-up."""
    with connections(lambda: Connection(server.address, path, cookie), 1) as (connection,):
        for _ in range(WARM_UP):
            connection.page()
        before = server.cpu_seconds()
        for _ in range(requests):
            connection.page()
        return (server.cpu_seconds() - before) / requests * 1000


@contextmanager
def load(server: Server, path: str, *, seconds: float, connections: int) -> Iterator[subprocess.Popen[str]]:
    """Run the load generator in a separate process; `response_count` reads its result."""
    command = [sys.executable, "-m", "bench.tools.load", server.host, str(server.port), str(seconds), str(connections)]
    process = subprocess.Popen([*command, path], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def response_count(process: subprocess.Popen[str]) -> int:
    """Wait for the load generator. Returns the number of responses."""
    output, _errors = process.communicate()
    return int(output or 0)


def throughput(server: Server, path: str, *, seconds: float, connections: int) -> tuple[float, float]:
    """Requests per second, and milliseconds of processor time for each."""
    before = server.cpu_seconds()
    with load(server, path, seconds=seconds, connections=connections) as client:
        count = response_count(client)
    return count / seconds, (server.cpu_seconds() - before) / max(1, count) * 1000


def throughput_beside(
    server: Server, path: str, beside: str, *, seconds: float, connections: int
) -> tuple[float, float]:
    """Requests per second for `path`, and for `beside` on eight other connections at the same time."""
    with (
        load(server, beside, seconds=seconds, connections=8) as others,
        load(server, path, seconds=seconds, connections=connections) as client,
    ):
        return response_count(client) / seconds, response_count(others) / seconds


def question_with_answers(instance: Path, count: int, settings: Settings | None = None) -> int:
    """The id of the newest question with `count` answers and one comment."""
    with _app(instance, settings).app_context():
        ids = select(Post.id).where(Post.kind == "question", Post.answer_count == count, Post.comment_count == 1)
        return db.session.scalars(ids.order_by(Post.id.desc())).first() or 0


def _app(instance: Path, settings: Settings | None = None) -> Flask:
    own = {name.removeprefix("MADANG_"): value for name, value in SETTINGS.items() if name != "MADANG_CONFIG"}
    return create_app(
        {**own, **(settings or {}), "CONFIG": "production", "JOBS_EMBEDDED": "no"}, instance_path=instance
    )


class Pages:
    """Pages of an instance rendered in this process, which counts their queries."""

    def __init__(self, instance: Path, settings: Settings | None = None) -> None:
        self.app = _app(instance, settings)
        self.statements: list[str] = []
        with self.app.app_context():
            event.listen(db.engine, "before_cursor_execute", self._note)

    def _note(self, _conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("PRAGMA"):
            self.statements.append(statement)

    def queries(self, path: str, client: FlaskClient | None = None, *, is_cold: bool = False) -> int:
        """The number of statements for a page on its second request; with `is_cold` after clearing all caches."""
        client = client or self.app.test_client()
        path = client.get(path, follow_redirects=True).request.path + path.partition("?")[1] + path.partition("?")[2]
        if is_cold:
            clear_all()
        self.statements.clear()
        response = client.get(path)
        assert response.status_code == 200, f"{path}: {response.status}"
        return len(self.statements)

    def member(self, username: str = "ruth") -> FlaskClient:
        """A client that is logged in."""
        client = self.app.test_client()
        token = re.search(TOKEN, client.get("/auth/login").text)
        assert token is not None
        client.post("/auth/login", data={"csrf_token": token[1], "username": username, "password": PASSWORD})
        return client


def address_of(server: Server, post_id: int) -> str:
    """The path of a post after redirects."""
    with urlopen(f"{server.url}/posts/{post_id}") as page:
        return str(page.url).removeprefix(server.url)
