"""Benchmark of event streams: `bin/bench live [--listeners N]` prints a table. README.md says how to read it."""

import argparse
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from madang.core.clock import now

from .tools.audience import Member, listening
from .tools.listeners import allow_files
from .tools.load import Connection, connections
from .tools.measures import address_of, cpu_of_page, question_with_answers
from .tools.site import LIMITS_OFF, ROOT, Server, environment, fill, log_in, madang_command, serving
from .tools.tables import HEAD, Result, machine

QUESTIONS = 1_000
ANSWERS = 5
REQUESTS = 300
CACHED, UNCACHED = "/questions", "/questions?n={n}"
EVENTS = 5
SETTLE_SECONDS = 3
MORE_TIMES = 3
NOISE_MEGABYTES = 16  # the variation of what the allocator retains
PAUSE_SECONDS = 0.05
Results = Iterator[Result]


def measure_many(instance: Path, count: int) -> Results:
    """Costs of idle listeners on one process, and their effect on other requests."""
    post = question_with_answers(instance, ANSWERS)
    with serving(instance, **LIMITS_OFF) as server:
        member = Member(server, post, log_in(server))
        path = address_of(server, post)
        for each in (CACHED, path):
            cpu_of_page(server, each, requests=REQUESTS)
        before = cpu_of_page(server, UNCACHED, requests=REQUESTS)
        empty = server.memory_megabytes()
        with listening(server, instance, post, count) as audience:
            time.sleep(SETTLE_SECONDS)
            yield Result(f"{count:,} listeners, each", 16, (server.memory_megabytes() - empty) * 1e3 / count, "KB")
            yield Result("opening them all", 15, audience.seconds_to_open, "s")
            idle = busy_share(server)
            yield Result("processor time while nothing happens", None, idle * 100, "% of a core")
            waits = cached_waits(server)
            yield Result("a cached page meanwhile, p99", 30, percentile(waits, 99) * 1000, "ms")
            started = time.monotonic()
            beside = cpu_of_page(server, UNCACHED, requests=REQUESTS)
            beside -= idle * (time.monotonic() - started) * 1000 / (REQUESTS + 100)
            yield Result("an uncached page meanwhile : before", 1.15, beside / before, "times")
            delays = [
                audience.listen(number, sent=sent, answered=answered) for number, sent, answered in _answers(member)
            ]
            last = max(each.since_answered[-1] for each in delays)
            yield Result(f"an answer to the last of all, worst of {EVENTS}", 300, last * 1000, "ms")
        time.sleep(SETTLE_SECONDS * 2)
        after_once = server.memory_megabytes()
        yield Result("memory after closing them, over before", None, after_once - empty, "MB")
        for _ in range(MORE_TIMES):
            with listening(server, instance, post, count):
                pass
            time.sleep(SETTLE_SECONDS * 2)
        growth = server.memory_megabytes() - after_once
        yield Result(f"the same after {MORE_TIMES} more times, over once", NOISE_MEGABYTES, growth, "MB")


def _answers(member: Member) -> Iterator[tuple[int, float, float]]:
    for _ in range(EVENTS):
        yield member.answer()
        time.sleep(1)


def busy_share(server: Server, seconds: float = 15) -> float:
    """The share of one core that the server uses, over a period in which each listener gets a keep-alive."""
    before = server.cpu_seconds()
    time.sleep(seconds)
    return (server.cpu_seconds() - before) / seconds


def cached_waits(server: Server, seconds: float = 10) -> list[float]:
    """The response times of successive requests for a cached page, in seconds."""
    waits, end = [], time.monotonic() + seconds
    with connections(lambda: Connection(server.address, CACHED), 1) as (connection,):
        while time.monotonic() < end:
            started = time.monotonic()
            connection.page()
            waits.append(time.monotonic() - started)
            time.sleep(0.005)
    return waits


def percentile(values: list[float], percent: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]


def measure_latency(instance: Path, count: int, answers: int, *, url: str | None) -> Results:
    """Delays from an answer to its event in `count` streams; with a Redis `url` for two web processes and a worker."""
    post = question_with_answers(instance, ANSWERS)
    name, command, target = "one process", None, 600
    with ExitStack() as stack:
        if url:
            name, target = "two processes, a worker, Redis", 300
            command = [*madang_command("serve"), "--workers", "2"]
            stack.enter_context(worker(instance, REDIS_URL=url, **LIMITS_OFF))
        server = stack.enter_context(serving(instance, command, REDIS_URL=url or "", **LIMITS_OFF))
        member = Member(server, post, log_in(server))
        audience = stack.enter_context(listening(server, instance, post, count))
        since_sent, since_answered = [], []
        for _ in range(answers):
            number, sent, answered = member.answer()
            delays = audience.listen(number, sent=sent, answered=answered)
            since_sent += delays.since_sent
            since_answered += delays.since_answered
            time.sleep(PAUSE_SECONDS)
    what = f"an answer to {count:,} listeners, {name}"
    yield Result(f"{what}, p50", 150, percentile(since_answered, 50) * 1000, "ms")
    yield Result(f"{what}, p99", target, percentile(since_answered, 99) * 1000, "ms")
    yield Result(f"{what}, p99 from sending it", None, percentile(since_sent, 99) * 1000, "ms")


@contextmanager
def worker(instance: Path, **settings: object) -> Iterator[None]:
    """Run a worker process for the jobs until the block ends."""
    process = subprocess.Popen(
        madang_command("worker"), cwd=ROOT, env=environment(instance, **settings), stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def own_redis(folder: Path) -> Iterator[str | None]:
    """Run a Redis until the block ends. Yields its URL, or None if it is not installed."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        yield None
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ("--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder))
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, default=10_000, help="how many are idle on one process")
    parser.add_argument("--few", type=int, default=1_000, help="how many hear of the answers whose way is timed")
    parser.add_argument("--answers", type=int, default=100, help="how many answers are timed")
    parser.add_argument("--folder", type=Path, help="keep the site here and use it again")
    options = parser.parse_args()
    allow_files()
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as temporary, own_redis(Path(temporary)) as redis:
        instance = (options.folder or Path(temporary)).absolute() / f"questions-{QUESTIONS}"
        fill(instance, QUESTIONS)
        print(f"{now():%Y-%m-%d}, {machine()}\n\n{HEAD}", flush=True)
        for url in (None, redis) if redis else (None,):
            for result in measure_latency(instance, options.few, options.answers, url=url):
                print(result, flush=True)
        for result in measure_many(instance, options.listeners):
            print(result, flush=True)


if __name__ == "__main__":
    main()
