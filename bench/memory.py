"""Benchmark of memory: `bin/bench memory [--requests N]` prints a table. README.md says how to read it."""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from werkzeug.routing import Rule

from madang.core.clock import now

from .tools.measures import Pages
from .tools.site import LIMITS_OFF, Server, fill, log_in, serving
from .tools.tables import HEAD, Result, machine
from .tools.wandering import Wanderer

QUESTIONS = 1_000
PEOPLE = 4  # of them one visitor
SAMPLES = 40
PAUSE_SECONDS = 1
PICTURES_END_SECONDS = 75  # the process that decodes pictures ends a minute after its last one


def wander(server: Server, rules: list[Rule], requests: int, seed: int) -> Wanderer:
    """One person's turn: a visitor, or a member who has just signed up."""
    cookie = log_in(server) if seed % PEOPLE else ""
    person = Wanderer(server, rules, random.Random(seed), cookie)
    person.wander(requests)
    return person


def samples(server: Server, rules: list[Rule], requests: int, statuses: Counter[int]) -> Iterator[float]:
    """Memory of the web process in MB after each of `SAMPLES` parts of the requests, when all are answered."""
    with ThreadPoolExecutor(PEOPLE) as pool:
        for part in range(SAMPLES):
            seeds = range(part * PEOPLE, (part + 1) * PEOPLE)
            each = requests // SAMPLES // PEOPLE
            turns = [pool.submit(wander, server, rules, each, seed) for seed in seeds]
            for turn in turns:
                person = turn.result()
                statuses.update(person.statuses)
                for failure in person.failures:
                    print(failure, file=sys.stderr)
            time.sleep(PAUSE_SECONDS)
            yield server.main_megabytes()


def results(instance: Path, requests: int, show_samples: bool) -> Iterator[Result]:
    rules = list(Pages(instance).app.url_map.iter_rules())
    statuses: Counter[int] = Counter()
    with serving(instance, **LIMITS_OFF) as server:
        yield Result("at the start", None, server.memory_megabytes(), "MB")
        taken = []
        for sample in samples(server, rules, requests, statuses):
            taken.append(sample)
            if show_samples:
                print(f"{sum(statuses.values()):,}: {sample:.0f} MB", file=sys.stderr, flush=True)
        time.sleep(PICTURES_END_SECONDS)
        yield Result("requests", None, sum(statuses.values()), "")
        yield Result(
            "answers that are errors of the server", 0, sum(n for code, n in statuses.items() if code >= 500), ""
        )
        yield Result("at the end, all processes", 160, server.memory_megabytes(), "MB")
    quarter = SAMPLES // 4
    third, last = statistics.median(taken[2 * quarter : 3 * quarter]), statistics.median(taken[3 * quarter :])
    yield Result("most", None, max(taken), "MB")
    yield Result("last quarter : third quarter, medians", 1.02, last / third, "times")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=300_000)
    parser.add_argument("--samples", action="store_true", help="print each sample to standard error")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder:
        instance = Path(folder)
        fill(instance, QUESTIONS)
        print(f"{now():%Y-%m-%d}, {machine()}\n\n{HEAD}", flush=True)
        for result in results(instance, options.requests, options.samples):
            print(result, flush=True)


if __name__ == "__main__":
    main()
