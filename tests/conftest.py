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
from sqlalchemy import create_engine, make_url, text

from madang import create_app
from madang.admin.operations.setup import open_site
from madang.core import ratelimit
from madang.core.clock import now
from madang.core.db import Base, db, transaction
from madang.core.i18n import speak, speaking
from madang.core.ttl_cache import clear_all
from madang.migrating import MIGRATIONS

from .cast import Cast, Person

DATABASES = os.environ.get("MADANG_TEST_DATABASES", "sqlite").split(",")
SERVERS = {
    "postgresql": os.environ.get("MADANG_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"),
    "mariadb": os.environ.get("MADANG_TEST_MARIADB", "mysql+pymysql://root@127.0.0.1:3306/test"),
}
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


def own_database(kind: str, worker: str) -> str:
    """The address of a new, empty database on a server, for this test process alone."""
    url = make_url(SERVERS[kind])
    name = f"madang_test_{worker}_{os.getpid()}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    address = make_url(url)
    is_postgresql = "postgresql" in url
    engine = create_engine(
        make_url(SERVERS["postgresql" if is_postgresql else "mariadb"]), isolation_level="AUTOCOMMIT"
    )
    force = "WITH (FORCE)" if is_postgresql else ""  # who was killed may still seem to be there
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {address.database} {force}"))
    engine.dispose()


@pytest.fixture(scope="session", params=DATABASES)
def whole_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for all tests of this process on one database."""
    instance = tmp_path_factory.mktemp("instance")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    is_server = request.param != "sqlite"
    url = own_database(request.param, worker) if is_server else f"sqlite:///{instance / 'test.db'}"
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
    clear_all()
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
def english() -> Iterator[None]:
    """Sentences are in English and times in UTC, for tests without an application."""
    with speaking("en", "UTC"):
        yield


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
