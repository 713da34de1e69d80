"""Repeated `kill -9` of every kind of process during writes: everything acknowledged is stored exactly once.

`bin/test --faults` runs the long version: 20 rounds of a minute with 200 writes a second, as far as the machine can.
"""

import os
import random
import time
from contextlib import ExitStack

import pytest

from tests.conftest import REQUIRED, skip_missing
from tests.databases import DATABASES, EVERY_TEST, create_database, drop_database

from .outcome import assert_all_is_there_once
from .site import Site, new_site, redis_server, soon
from .writing import Writers, pause

pytestmark = [pytest.mark.faults, pytest.mark.long]
IS_LONG = os.environ.get("MADANG_TEST_LONG") == "1"
ROUNDS = int(os.environ.get("MADANG_TEST_ROUNDS") or (20 if IS_LONG else 5 if EVERY_TEST else 2))
ROUND_SECONDS, RATE = (60.0, 200.0) if IS_LONG else (6.0, 60.0)
PEOPLE = ("ann", "bob", "cho", "dan", "eve", "fay", "gus", "hal", "ida", "jun")
READY_SHARE = 0.6  # of kills that wait until the site is up; the others may hit a starting process


@pytest.fixture
def chance():
    """A random generator: with a fixed seed if MADANG_REQUIRE_ALL is set, else with a new one in each run."""
    seed = int(os.environ.get("MADANG_TEST_SEED") or (1 if REQUIRED else time.time_ns() % 1_000_000))
    print(f"MADANG_TEST_SEED={seed}")
    return random.Random(seed)


@pytest.fixture(params=["sqlite", "postgresql-redis"])
def site(request, tmp_path):
    """A site with two web processes that run the jobs too, or with a worker, PostgreSQL and Redis."""
    if request.param == "sqlite":
        with new_site(tmp_path, f"sqlite:///{tmp_path / 'madang.db'}", web_processes=2) as site:
            yield site
        return
    if "postgresql" not in DATABASES:
        skip_missing("no PostgreSQL on this machine")
    with ExitStack() as stack:
        url = create_database("postgresql", "faults")
        stack.callback(drop_database, url)
        redis = stack.enter_context(redis_server(tmp_path))
        yield stack.enter_context(new_site(tmp_path, url, web_processes=2, REDIS_URL=redis.url))


def test_killed_processes_lose_nothing_and_do_nothing_twice(site, chance):
    site.open()
    writers = Writers(site.people(*PEOPLE), chance)
    writers.ask_questions()
    kills = ["web", "web process", "picture process"]
    if site.engine.dialect.name != "sqlite":
        site.start("worker")
        kills += ["worker", "all"]
    with writers.writing(), writers.at_rate(RATE):
        for _round in range(ROUNDS):
            chance.shuffle(kills)
            for kind in kills:
                kill(site, kind, chance, ROUND_SECONDS / len(kills))
        assert soon(site.is_up), site.log.read_text()
    acknowledged = writers.acknowledged
    print(f"{ROUNDS} rounds of {ROUND_SECONDS:g} s, {acknowledged.writes} writes acknowledged, load {os.getloadavg()}")

    assert_all_is_there_once(site, acknowledged)


def kill(site: Site, kind: str, chance: random.Random, seconds: float) -> None:
    """Kill a process at a random moment of the next `seconds` and start it again."""
    began = time.monotonic()
    if chance.random() < READY_SHARE:
        assert soon(site.is_up), site.log.read_text()
    pause(chance.uniform(0, seconds), began)
    if kind == "web process":
        site.kill_web_process(chance)
    elif kind == "picture process":
        site.kill_picture_process(chance)
    else:
        names = list(site.process_ids) if kind == "all" else [kind]
        for name in names:
            site.kill(name)
        for name in names:
            site.start(name)
    pause(seconds, began)
