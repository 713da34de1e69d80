"""Benchmark of writers: `bin/bench writers [--processes M] [--rate R]` prints a table. README.md says how to read it.

Members vote, comment, ask and write messages through M web processes on one database, which begins empty: as fast as
they are answered, or with `--rate` so many a second, each of which counts from the moment it was due.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from madang.core.clock import now

from .tools.site import PASSWORD, ROOT, TOKEN, Server, environment, log_in, madang_command, serving
from .tools.tables import HEAD, Result, machine

LIMITS = ("POST", "COMMENT", "MESSAGE", "VOTE", "MAIL")
LIMITS_OFF = {f"{name}_LIMIT": "off" for name in LIMITS}
MAX_REFUSED_SHOWN = 5
WARM_UP_SECONDS = 3


def make_writers(servers: list[Server], number: int) -> list[dict[str, object]]:
    """Members with a question each, distributed over the servers; each writes to the next one."""
    members = [(servers[each % len(servers)], *_member(servers[each % len(servers)])) for each in range(number)]
    return [
        {"address": server.address, "cookie": cookie, "name": name, "friend": friend, "question": question}
        for (server, cookie, name, _own), (_server, _cookie, friend, question) in zip(
            members, members[1:] + members[:1], strict=True
        )
    ]


def _member(server: Server) -> tuple[str, str, str]:
    """The cookie of a new member, the name, and the path of the member's question."""
    cookie = log_in(server)
    connection = HTTPConnection(*server.address)
    connection.request("GET", "/settings", headers={"Cookie": cookie})
    page = connection.getresponse().read().decode()
    token, name = TOKEN.search(page), page.partition('href="/users/')[2].partition('"')[0]
    assert token is not None
    assert name
    form = {"board": "qa", "title": f"What does {name} need to know?", "body": "Please tell me.", "tags": ""}
    connection.request(
        "POST",
        "/posts/new",
        urlencode({"csrf_token": token[1], **form}),
        {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"},
    )
    location = connection.getresponse().headers["Location"]
    connection.close()
    return cookie, name, "/".join(location.split("/")[:3])


def measure(writers: list[dict[str, object]], seconds: float, rate: float) -> tuple[list[float], list[str]]:
    """The seconds that each write took, in ascending order, and what was refused."""
    command = [sys.executable, "-m", "bench.tools.writers", str(seconds), str(rate)]
    lines = "\n".join(map(json.dumps, writers))
    done = subprocess.run(command, cwd=ROOT, input=lines, stdout=subprocess.PIPE, text=True, check=True)
    report = json.loads(done.stdout)
    return sorted(report["waits"]), report["refused"]


def results(waits: list[float], refused: list[str], seconds: float, rate: float) -> Iterator[Result]:
    yield Result("writes a second", rate * 0.99 if rate else None, len(waits) / seconds, "/s", is_least=True)
    yield Result("half of them within", None, _percentile(waits, 50), "ms")
    yield Result("99 of 100 within", 100 if rate else None, _percentile(waits, 99), "ms")
    yield Result("the slowest", 1000, waits[-1] * 1000, "ms")
    yield Result("refused", 0, len(refused), "")


def _percentile(waits: list[float], percent: float) -> float:
    return waits[min(len(waits) - 1, int(len(waits) * percent / 100))] * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=32, help="how many write at the same time")
    parser.add_argument("--processes", type=int, default=2, help="how many web processes they write to")
    parser.add_argument("--seconds", type=float, default=30, help="for how long")
    parser.add_argument("--rate", type=float, default=0, help="how many writes begin each second; 0: as many as can be")
    parser.add_argument("--database", help="an empty database, as MADANG_DATABASE_URL; SQLite without it")
    options = parser.parse_args()
    settings = {**LIMITS_OFF, **({"DATABASE_URL": options.database} if options.database else {})}
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder, ExitStack() as stack:
        instance = Path(folder)
        create = madang_command("create-admin", "--username", "ruth", "--email", "ruth@example.org", "--password-stdin")
        environ = environment(instance, **settings)
        subprocess.run(create, input=PASSWORD, text=True, check=True, cwd=ROOT, env=environ, stdout=sys.stderr)
        servers = [stack.enter_context(serving(instance, **settings)) for _each in range(options.processes)]
        writers = make_writers(servers, options.writers)
        measure(writers, WARM_UP_SECONDS, options.rate)
        waits, refused = measure(writers, options.seconds, options.rate)
        backend = "SQLite" if not options.database else options.database.partition(":")[0]
        what = f"{options.writers} writers, {options.processes} processes, {backend}"
        print(f"{now():%Y-%m-%d}, {what}, {options.seconds:g} s, {machine()}\n\n{HEAD}")
        for result in results(waits, refused, options.seconds, options.rate):
            print(result, flush=True)
        print("\n".join(refused[:MAX_REFUSED_SHOWN]), file=sys.stderr)


if __name__ == "__main__":
    main()
