"""The ground of the tests: an application on each database that is asked for, emptied before every test."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
import zxcvbn
from flask import Flask
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings

from madang import create_app
from madang.accounts.operations import checks
from madang.core.db import db
from madang.core.db.upgrade import MIGRATIONS
from madang.core.i18n import set_locale, use_locale
from madang.core.ttl_cache import clear_all
from madang.core.web import rate_limits

from .databases import DATABASES, create_database, databases_of, drop_database
from .fresh_site import put_back_fresh_site
from .people import People, Person
from .statements import StatementCoverage

REQUIRED = os.environ.get("MADANG_REQUIRE_ALL") == "1"


def remembered(judge: Callable[..., Any]) -> Callable[..., Any]:
    """`judge`, which answers from memory where it is asked the same again; what it raises is not kept."""
    answers: dict[str, Any] = {}

    @wraps(judge)
    def answer(*arguments: Any, **options: Any) -> Any:
        key = repr((arguments, options))
        if key not in answers:
            answers[key] = judge(*arguments, **options)
        return answers[key]

    return answer


# How long a thing takes is no test: the machine may be busy. What judges a change says the same each time it is asked;
# whoever works on it tries something new each time.
settings.register_profile(
    "madang", deadline=None, derandomize=REQUIRED, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("madang")
# What they say depends on their arguments alone, and everybody in the tests has the same password and kind of address.
zxcvbn.zxcvbn = remembered(zxcvbn.zxcvbn)
checks.validate_email = remembered(checks.validate_email)
# Most of what a test makes lives until its end: looking for rubbish as often as Python does costs an eighth of it all.
gc.set_threshold(100_000, 20, 20)


def left_out(reason: str) -> None:
    """Skip for want of something on this machine; where everything is required, fail."""
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of data that nobody here wrote, beside the repository."""
    folder = Path(os.environ.get("MADANG_SHARED", Path(__file__).parents[2] / "shared")) / "data"
    if not folder.is_dir():
        left_out(f"{folder} is not there; MADANG_SHARED names another place")
    return folder


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(StatementCoverage(DATABASES))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test of a file that is marked `each_database` on all of them, any other on the first alone."""
    if "whole_app" in metafunc.fixturenames:
        metafunc.parametrize("whole_app", databases_of(metafunc.definition), indirect=True, scope="session")


@pytest.fixture(scope="session")
def whole_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for all tests of this process on one database."""
    instance = tmp_path_factory.mktemp("instance")
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
    """The application with a site that has just been set up: three boards, nobody there."""
    before = dict(whole_app.config)
    with whole_app.app_context():
        clear_all()
        rate_limits.connect(None)  # people have the same numbers again, and have done nothing yet
        set_locale("en")  # a command that ran in this process leaves its language behind
        put_back_fresh_site(whole_app)
    yield whole_app
    whole_app.config.clear()
    whole_app.config.update(before)
    for folder in ("files", "mail", "exports"):
        shutil.rmtree(Path(whole_app.instance_path) / folder, ignore_errors=True)


@pytest.fixture
def english() -> Iterator[None]:
    """Sentences are in English and times in UTC, for tests without an application."""
    with use_locale("en", "UTC"):
        yield


@pytest.fixture
def people(app: Flask) -> People:
    """The people of the tests, each made and logged in when first named."""
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
    """Administrates."""
    return people["ruth"]


@pytest.fixture
def dan(people: People) -> Person:
    """Moderates."""
    return people["dan"]


@pytest.fixture
def eve(people: People) -> Person:
    """Tries what she must not."""
    return people["eve"]


@pytest.fixture
def root(people: People) -> Person:
    """The administrator."""
    return people["ruth"]


@pytest.fixture
def visitor(people: People) -> Person:
    """Somebody who is not logged in."""
    return people.visitor()
