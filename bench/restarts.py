"""Benchmark of reload, restart and upgrade under traffic: `bin/bench restarts [--times N]` prints a table.

nginx and gunicorn run with the files of deploy/, as in tests/deploy. README.md says how to read it.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from madang.core.clock import now
from tests.deploy.installation import Installation, installed
from tests.deploy.traffic import READERS, STREAMS_PER_PERSON, Traffic

from .tools.tables import HEAD, Result, machine

CALM_SECONDS = 4  # of traffic before each change, and after the site answers again


def slowest(site: Installation, traffic: Traffic, change: Callable[[], object]) -> float:
    """The longest request during a change and until the site is calm again, in ms."""
    time.sleep(CALM_SECONDS)
    began = time.monotonic()
    change()
    site.nginx.get("/readyz")
    time.sleep(CALM_SECONDS)
    return traffic.slowest_ms(began)


def upgrade(site: Installation) -> None:
    site.upgrade()
    site.service.reload()


def results(site: Installation, traffic: Traffic, times: int) -> Iterator[Result]:
    changes: dict[str, tuple[float | None, Callable[[], object]]] = {
        "nothing": (None, lambda: None),
        "a reload": (1000, site.service.reload),
        "an upgrade with a migration": (1000, lambda: upgrade(site)),
        "a restart": (None, site.service.restart),
    }
    for name, (bound, change) in changes.items():
        found = sorted(slowest(site, traffic, change) for _time in range(times))
        yield Result(f"slowest request during {name}, worst of {times}", bound, found[-1], "ms")
        yield Result("the same, median", None, found[times // 2], "ms")
    heard = traffic.everybody_has_heard()
    yield Result("failed requests", 0, len(traffic.failures), "")
    yield Result("listeners that missed an event", 0, 0 if heard else 1, "")
    yield Result("requests", None, len(traffic.seconds), "")
    yield Result("events of each listener", None, len(traffic.written), "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="how often each change is made")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder, installed(Path(folder)) as site:
        traffic = site.traffic()
        streams = STREAMS_PER_PERSON * len(traffic.listeners)
        with traffic.running():
            print(f"{now():%Y-%m-%d}, {READERS} readers, {streams} listeners, 2 processes, SQLite, {machine()}\n")
            print(HEAD)
            for result in results(site, traffic, options.times):
                print(result, flush=True)


if __name__ == "__main__":
    main()
