"""The ground of the tests: an application on each database that is asked for, emptied before every test."""

import gc
import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings

from madang import MIGRATIONS, create_app
from madang.admin.setup import open_site
from madang.core import ratelimit
from madang.core.cache import KeptFor
from madang.core.clock import now
from madang.core.db import Base, db, transaction
from madang.core.i18n import speak, speaking

from .cast import Cast, Person
from .databases import DATABASES, create_database, databases_of, drop_database
from .statements import StatementCoverage

REQUIRED = os.environ.get("MADANG_REQUIRE_ALL") == "1"

# How long a thing takes is no test: the machine may be busy. What judges a change says the same each time it is asked;
# whoever works on it tries something new each time.
settings.register_profile(
    "madang", deadline=None, derandomize=REQUIRED, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("madang")
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
        _empty()
        with transaction(), speaking("en"):
            open_site(name="Yard", locale="en", now=now())
    yield whole_app
    whole_app.config.clear()
    whole_app.config.update(before)
    for folder in ("files", "mail", "exports"):
        shutil.rmtree(Path(whole_app.instance_path) / folder, ignore_errors=True)


def _empty() -> None:
    KeptFor.forget_all()
    ratelimit.connect(None)  # people have the same numbers again, and have done nothing yet
    speak("en")  # a command that ran in this process leaves its language behind
    with db.engine.begin() as connection:
        for statement in _emptying(db.engine.dialect.name):
            connection.exec_driver_sql(statement)


@cache
def _emptying(dialect: str) -> list[str]:
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    deletes = ["UPDATE posts SET parent_id = NULL", *(f"DELETE FROM {name}" for name in tables)]
    if dialect == "sqlite":
        return ["PRAGMA defer_foreign_keys = ON", *deletes]
    if dialect == "postgresql":
        return deletes
    return ["SET FOREIGN_KEY_CHECKS = 0", *deletes, "SET FOREIGN_KEY_CHECKS = 1"]


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people of the tests, each made and logged in when first named."""
    return Cast(app)


@pytest.fixture
def ann(cast: Cast) -> Person:
    """Asks."""
    return cast["ann"]


@pytest.fixture
def bob(cast: Cast) -> Person:
    """Answers."""
    return cast["bob"]


@pytest.fixture
def cho(cast: Cast) -> Person:
    """조: writes Korean, comments."""
    return cast["cho"]


@pytest.fixture
def ruth(cast: Cast) -> Person:
    """Administrates."""
    return cast["ruth"]


@pytest.fixture
def dan(cast: Cast) -> Person:
    """Moderates."""
    return cast["dan"]


@pytest.fixture
def eve(cast: Cast) -> Person:
    """Tries what she must not."""
    return cast["eve"]


@pytest.fixture
def root(cast: Cast) -> Person:
    """The administrator."""
    return cast["ruth"]


@pytest.fixture
def visitor(cast: Cast) -> Person:
    """Somebody who is not logged in."""
    return cast.visitor()
