"""The databases of a test file, and an empty database on a server for this process."""

import os
from collections.abc import Sequence

import pytest
from sqlalchemy import create_engine, make_url, text

DATABASES = os.environ.get("MADANG_TEST_DATABASES", "sqlite").split(",")
SERVERS = {
    "postgresql": os.environ.get("MADANG_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"),
    "mariadb": os.environ.get("MADANG_TEST_MARIADB", "mysql+pymysql://root@127.0.0.1:3306/test"),
}
EVERY_TEST = os.environ.get("MADANG_TEST_EVERYTHING") == "1"


def databases_of(node: pytest.Item | pytest.Function) -> Sequence[str]:
    """The databases for a test: all if its file is marked `each_database`, else the first only."""
    is_for_all = EVERY_TEST or node.get_closest_marker("each_database") is not None
    return DATABASES if is_for_all else DATABASES[:1]


def create_database(kind: str, worker: str) -> str:
    """Create an empty database on a server for this test process; returns its URL."""
    url = make_url(SERVERS[kind])
    name = f"madang_test_{worker}_{os.getpid()}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
        if kind == "postgresql":  # tests need no durability
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    address = make_url(url)
    is_postgresql = "postgresql" in url
    engine = create_engine(
        make_url(SERVERS["postgresql" if is_postgresql else "mariadb"]), isolation_level="AUTOCOMMIT"
    )
    force = "WITH (FORCE)" if is_postgresql else ""  # connections of a killed process may still be open
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {address.database} {force}"))
    engine.dispose()
