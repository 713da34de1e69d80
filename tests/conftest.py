"""Fixtures of all tests: an application on each database, emptied before every test, and the named people."""

import gc
import io
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from types import SimpleNamespace
from typing import ParamSpec, TypeVar

import pytest
import zxcvbn
from flask import Flask
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings

from madang import create_app
from madang.accounts.operations import checks
from madang.core import logs, mail
from madang.core.db import db
from madang.core.db.upgrade import MIGRATIONS
from madang.core.i18n import set_locale, use_locale
from madang.core.ttl_cache import clear_all
from madang.core.web import rate_limits

from .databases import DATABASES, create_database, databases_of, drop_database
from .fresh_site import put_back_fresh_site
from .open_writes import without_open_writes
from .people import People, Person
from .statements import StatementCoverage

REQUIRED = os.environ.get("MADANG_REQUIRE_ALL") == "1"
P = ParamSpec("P")
T = TypeVar("T")


def memoized(function: Callable[P, T]) -> Callable[P, T]:
    """Cache the results of `function` by the representation of its arguments; exceptions are not cached."""
    results: dict[str, T] = {}

    @wraps(function)
    def call(*arguments: P.args, **options: P.kwargs) -> T:
        key = repr((arguments, options))
        if key not in results:
            results[key] = function(*arguments, **options)
        return results[key]

    return call


# No deadline, because the machine may be busy. Runs that judge a change use the same examples each time, other runs use
# new ones.
settings.register_profile(
    "madang", deadline=None, derandomize=REQUIRED, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("madang")
# Slow pure functions, which the tests call with few different arguments.
zxcvbn.zxcvbn = memoized(zxcvbn.zxcvbn)
checks.validate_email = memoized(checks.validate_email)
# Where a mail leaves the application, in every test.
mail._deliver = without_open_writes(mail._deliver)
mail._write_to_folder = without_open_writes(mail._write_to_folder)
# Most objects of a test live until its end; garbage collection at Python's default rate takes an eighth of the run.
gc.set_threshold(100_000, 20, 20)


def skip_missing(reason: str) -> None:
    """Skip a test whose tools are missing on this machine; fail it if MADANG_REQUIRE_ALL is set."""
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of third-party data, which is not in the repository."""
    folder = Path(os.environ.get("MADANG_SHARED", Path(__file__).parents[2] / "shared")) / "data"
    if not folder.is_dir():
        skip_missing(f"{folder} is not there; MADANG_SHARED names another place")
    return folder


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(StatementCoverage(DATABASES))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests of files marked `each_database` on all databases, other tests on the first only."""
    if "whole_app" in metafunc.fixturenames:
        metafunc.parametrize("whole_app", databases_of(metafunc.definition), indirect=True, scope="session")


@pytest.fixture(scope="session")
def make_instance(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Create a new instance folder; all of them share the compiled templates, which take up to a second."""
    templates = tmp_path_factory.mktemp("templates")

    def make() -> Path:
        instance = tmp_path_factory.mktemp("instance")
        (instance / "templates").symlink_to(templates)
        return instance

    return make


@pytest.fixture
def instance(make_instance: Callable[[], Path]) -> Path:
    """The instance folder of an application that the test starts itself."""
    return make_instance()


@pytest.fixture(scope="session")
def whole_app(request: pytest.FixtureRequest, make_instance: Callable[[], Path]) -> Iterator[Flask]:
    """One application for all tests of this process on one database; its tables are not emptied."""
    instance = make_instance()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    is_server = request.param != "sqlite"
    url = create_database(request.param, worker) if is_server else f"sqlite:///{instance / 'test.db'}"
    os.environ["MADANG_CONFIG"] = "testing"
    app = create_app({"DATABASE_URL": url}, instance_path=instance)
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
    yield app
    with app.app_context():
        db.engine.dispose()
    if is_server:
        drop_database(url)


@pytest.fixture
def app(whole_app: Flask) -> Iterator[Flask]:
    """The application with a new site: three boards, no people."""
    before = dict(whole_app.config)
    with whole_app.app_context():
        clear_all()
        rate_limits.connect(None)  # new people have the ids of earlier ones, and must not inherit their counts
        set_locale("en")  # a command that ran in this process may have set another language
        put_back_fresh_site(whole_app)
    yield whole_app
    whole_app.config.clear()
    whole_app.config.update(before)
    for folder in ("files", "mail", "exports"):
        shutil.rmtree(Path(whole_app.instance_path) / folder, ignore_errors=True)


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, object]]]:
    """A function that returns the lines of a log as in production, those since its last call."""
    root = logging.getLogger("madang")
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(logging.getLogger(logs.REQUESTS), "level", logging.NOTSET)
    logs.init_app(SimpleNamespace(config={"LOG_FORMAT": "json", "LOG_LEVEL": "INFO", "LOG_FILE": None}))
    stream = io.StringIO()
    root.handlers[0].setStream(stream)

    def read() -> list[dict[str, object]]:
        found = [json.loads(line) for line in stream.getvalue().splitlines()]
        stream.truncate(stream.seek(0))
        return found

    return read


@pytest.fixture
def english() -> Iterator[None]:
    """Set English and UTC, for tests without an application."""
    with use_locale("en", "UTC"):
        yield


@pytest.fixture
def people(app: Flask) -> People:
    """The people of the tests; each is created and logged in at first use."""
    return People(app)


@pytest.fixture
def ann(people: People) -> Person:
    """Asks."""
    return people["ann"]


@pytest.fixture
def bob(people: People) -> Person:
    """Answers."""
    return people["bob"]


@pytest.fixture
def cho(people: People) -> Person:
    """조: writes Korean, comments."""
    return people["cho"]


@pytest.fixture
def ruth(people: People) -> Person:
    """The administrator."""
    return people["ruth"]


@pytest.fixture
def dan(people: People) -> Person:
    """Moderates."""
    return people["dan"]


@pytest.fixture
def eve(people: People) -> Person:
    """Tries what is forbidden."""
    return people["eve"]


@pytest.fixture
def root(people: People) -> Person:
    """The administrator."""
    return people["ruth"]


@pytest.fixture
def visitor(people: People) -> Person:
    """Somebody who is not logged in."""
    return people.visitor()
