"""Benchmark of the API: `bin/bench api [--questions N]` prints a table. README.md says how to read it."""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from time import time

from sqlalchemy import select

from madang.core.clock import now
from madang.core.db import db
from madang.posts.models import Post

from .tools.measures import Pages
from .tools.site import PASSWORD, Server, fill, serving
from .tools.tables import HEAD, Result, machine

WARM_UP = 100
Answer = tuple[int, dict[str, str], bytes]  # status, headers, body
SETTINGS = {
    # High limits instead of none, so that the cost of counting is included.
    "API_LIMIT": "10000000 per minute",
    "POST_LIMIT": "10000000 per minute",
    "VOTE_LIMIT": "10000000 per minute",
    "PAGE_CACHE_SECONDS": 0,
    "JOBS_EMBEDDED": "no",
}


class Caller:
    """An API client on one open connection."""

    def __init__(self, server: Server, token: str = "") -> None:
        self.server = server
        self.connection = HTTPConnection(*server.address)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send a request with a JSON body. Returns status, headers (lower-case names) and body of the response."""
        all_headers = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if body is not None:
            all_headers["Content-Type"] = "application/json"
        self.connection.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), all_headers)
        response = self.connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.headers.items()}, response.read()

    def cost(self, requests: int, status: int, call: Callable[[int], Answer]) -> float:
        """Milliseconds of the server's processor time for one `call(n)`; each must return `status`."""
        numbers = count()
        for _ in range(WARM_UP):
            call(next(numbers))
        before = self.server.cpu_seconds()
        for _ in range(requests):
            answer = call(next(numbers))
            assert answer[0] == status, answer
        return (self.server.cpu_seconds() - before) / requests * 1000


def log_in(server: Server) -> str:
    """The access token of the site's administrator."""
    status, _headers, body = Caller(server).call("POST", "/auth/login", {"username": "ruth", "password": PASSWORD})
    assert status == 200, body
    return str(json.loads(body)["access_token"])


def questions_of(instance: Path, limit: int) -> list[int]:
    """The ids of up to `limit` questions, spread evenly over the site."""
    with Pages(instance).app.app_context():
        ids = list(db.session.scalars(select(Post.id).where(Post.kind == "question").order_by(Post.id)))
    return ids[:: max(1, len(ids) // limit)][:limit]


def measure_reads(server: Server, token: str, questions: list[int], requests: int) -> Iterator[Result]:
    """Costs of lists and posts, full and revalidated (304), without and with a token."""
    for who, caller in (("visitor", Caller(server)), ("with a token", Caller(server, token))):
        page = caller.cost(requests, 200, lambda _n, caller=caller: caller.call("GET", "/posts"))
        one = caller.cost(requests, 200, lambda n, caller=caller: caller.call("GET", f"/posts/{_of(questions, n)}"))
        yield Result(f"GET /posts, 30 of them, {who}", 2, page, "ms")
        yield Result(f"GET /posts/{{id}}, {who}", 1, one, "ms")
        for path in ("/posts", f"/posts/{questions[0]}"):
            tag = caller.call("GET", path)[1]["etag"]
            same = caller.cost(
                requests, 304, lambda _n, path=path, caller=caller, tag=tag: caller.call("GET", path, If_None_Match=tag)
            )
            yield Result(f"304 for {'/posts' if path == '/posts' else '/posts/{id}'}, {who}", 0.5, same, "ms")


def measure_cached(server: Server, questions: list[int], requests: int) -> Iterator[Result]:
    """Cost of a revalidation (304) by the page cache."""
    caller, path = Caller(server), f"/posts/{questions[0]}"
    tag = caller.call("GET", path)[1]["etag"]
    same = caller.cost(requests, 304, lambda _n: caller.call("GET", path, If_None_Match=tag))
    yield Result("304 for /posts/{id}, visitor, out of the cache", 0.5, same, "ms")


def measure_writes(server: Server, token: str, questions: list[int], requests: int) -> Iterator[Result]:
    """Costs of votes and answers, without those of the worker's jobs."""
    caller = Caller(server, token)
    vote = caller.cost(
        requests, 200, lambda n: caller.call("PUT", f"/posts/{_of(questions, n)}/vote", {"value": 1 - n % 2})
    )
    yield Result("PUT /posts/{id}/vote", 3, vote, "ms")
    # The same body within ten minutes, also of an earlier run, would not be a new answer.
    body = f"Lift it **gently** and walk slowly, as `move(yard)` does. At {time():.0f} this is try number"
    answer = caller.cost(
        requests, 201, lambda n: caller.call("POST", f"/posts/{_of(questions, n)}/answers", {"body": f"{body} {n}."})
    )
    yield Result("POST /posts/{id}/answers", 6, answer, "ms")


def _of(questions: list[int], number: int) -> int:
    return questions[number % len(questions)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=100_000, help="how many the site has")
    parser.add_argument("--requests", type=int, default=1_000, help="how many requests a cost is the mean of")
    parser.add_argument("--folder", type=Path, help="keep the site here and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as temporary:
        instance = (options.folder or Path(temporary)).absolute() / f"questions-{options.questions}"
        fill(instance, options.questions)
        questions = questions_of(instance, 500)
        print(f"{now():%Y-%m-%d}, {options.questions:,} questions, {machine()}\n")
        print(HEAD)
        with serving(instance, **SETTINGS) as server:
            token = log_in(server)
            for results in (
                measure_reads(server, token, questions, options.requests),
                measure_writes(server, token, questions, options.requests),
            ):
                for result in results:
                    print(result, flush=True)
        with serving(instance, **{**SETTINGS, "PAGE_CACHE_SECONDS": 1}) as server:
            for result in measure_cached(server, questions, options.requests):
                print(result, flush=True)


if __name__ == "__main__":
    main()
