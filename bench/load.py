"""Benchmark of a site under load: `bin/bench load [--database URL]` prints a table. README.md says how to read it."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from sqlalchemy import select

from madang.accounts.models import User
from madang.core.clock import now
from madang.core.db import db
from madang.posts.models import Post
from madang.tags.models import Tag

from .live import own_redis, percentile, worker
from .tools.audience import listening
from .tools.listeners import allow_files
from .tools.measures import Pages, question_with_answers
from .tools.mix import MEMBER, Plan
from .tools.site import LIMITS_OFF, ROOT, TOKEN, Server, fill, log_in, madang_command, serving
from .tools.tables import machine

QUESTIONS = 10_000
LISTENERS = 1_000
CONNECTIONS = 16
WARM_UP_SECONDS = 5
READS = ("question", "list", "home", "tag", "search", "person", "notifications", "feed")
HEAD = "| database | processes | mix | requests/s | p50 | p99 | reads, p99 | writes, p99 | CPU a request | memory |"
Taken = dict[str, list[float]]


def subjects(instance: Path, settings: dict[str, object]) -> dict[str, object]:
    """What the requests are about: ids of questions, names of tags and of people, and the question that is watched."""
    site = Pages(instance, settings)
    with site.app.app_context():
        return {
            "questions": list(db.session.scalars(select(Post.id).where(Post.kind == "question").limit(5_000))),
            "tags": list(db.session.scalars(select(Tag.name).order_by(Tag.post_count.desc()).limit(100))),
            "people": list(db.session.scalars(select(User.username).where(User.email.is_not(None)).limit(500))),
        }


def csrf_token(server: Server, cookie: str) -> str:
    page = urlopen(Request(server.url + "/", headers={"Cookie": cookie})).read().decode()
    found = TOKEN.search(page)
    assert found, "the member is not logged in"
    return found[1]


def run(plan: Plan, folder: Path) -> Taken:
    """Run the load generator in a process of its own. Returns the seconds of each request by its kind."""
    path = folder / "plan.json"
    path.write_text(json.dumps(plan._asdict()), encoding="utf-8")
    command = [sys.executable, "-m", "bench.tools.mix", str(path)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def row(database: str, processes: int, mix: str, taken: Taken, seconds: float, cpu: float, memory: float) -> str:
    """A row of the table."""
    every = [each for kind in taken for each in taken[kind]]
    reads = [each for kind in taken if kind in READS for each in taken[kind]]
    writes = [each for kind in taken if kind not in READS for each in taken[kind]]
    times = [f"{percentile(every, 50) * 1e3:.1f} ms", f"{percentile(every, 99) * 1e3:.0f} ms"]
    times += [f"{percentile(each, 99) * 1e3:.0f} ms" if each else "" for each in (reads, writes)]
    figures = [f"{len(every) / seconds:,.0f}", *times, f"{cpu / len(every) * 1e3:.1f} ms", f"{memory:.0f} MB"]
    return f"| {database} | {processes} | {mix} | {' | '.join(figures)} |"


@contextmanager
def served(instance: Path, processes: int, settings: dict[str, object], redis: str | None) -> Iterator[Server]:
    """The site in so many web processes; with more than one also a worker and a Redis."""
    with ExitStack() as stack:
        command = None
        if processes > 1:
            command = [*madang_command("serve"), "--workers", str(processes)]
            settings = {**settings, "REDIS_URL": redis or ""}
            stack.enter_context(worker(instance, **settings))
        yield stack.enter_context(serving(instance, command, **settings))


def measure(
    instance: Path, database: str, processes: int, settings: dict[str, object], *, seconds: float, redis: str | None
) -> Iterator[str]:
    about = subjects(instance, settings)
    watched = question_with_answers(instance, 5, settings)
    with served(instance, processes, settings, redis) as server:
        members = [(cookie, csrf_token(server, cookie)) for cookie in (log_in(server) for _ in range(CONNECTIONS))]
        with listening(server, instance, watched, LISTENERS, settings):
            for mix, people in (("visitors", []), ("members", members)):
                plan = Plan(*server.address, WARM_UP_SECONDS, CONNECTIONS, people, **about, watched=watched)
                run(plan, instance)
                before = server.cpu_seconds()
                taken = run(plan._replace(seconds=seconds), instance)
                cpu = server.cpu_seconds() - before
                yield row(database, processes, mix, taken, seconds, cpu, server.memory_megabytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--seconds", type=float, default=30, help="how long each mix is measured")
    parser.add_argument("--database", help="URL of an empty database; without it SQLite")
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2], help="how many web processes to measure")
    options = parser.parse_args()
    allow_files()
    settings: dict[str, object] = {**LIMITS_OFF}
    database = "SQLite"
    if options.database:
        settings["DATABASE_URL"], database = options.database, options.database.partition(":")[0]
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder, own_redis(Path(folder)) as redis:
        instance = Path(folder) / "site"
        fill(instance, options.questions, settings)
        writes = sum(MEMBER[kind] for kind in MEMBER if kind not in READS)
        print(f"{now():%Y-%m-%d}, {machine()}, {options.questions:,} questions, {LISTENERS:,} listeners,")
        print(f"{CONNECTIONS} connections; {writes} % of the members' requests write\n\n{HEAD}")
        print("|---" * HEAD.count(" |") + "|", flush=True)
        for processes in options.processes:
            time.sleep(1)
            for line in measure(instance, database, processes, settings, seconds=options.seconds, redis=redis):
                print(line, flush=True)


if __name__ == "__main__":
    main()
