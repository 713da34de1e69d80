"""The engines of the three dialects, configured to behave alike."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from flask import Flask
from sqlalchemy import URL, Dialect, Engine, create_engine, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection

from .breaker import connect_through_breaker
from .session import db
from .sqlite import create_sqlite_engine, merge_wal
from .statement_count import count_statements


def init_app(app: Flask) -> None:
    """Connect `app` to the database that its settings name."""
    engine = _create_engine(app.config["DATABASE_URL"], app.config["SQLITE_SYNCHRONOUS"])
    count_statements(engine)
    db.init_app(app, engine)


def _create_engine(url: str, synchronous: str) -> Engine:
    if not url.startswith("sqlite"):
        return _create_server_engine(url)
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    return create_sqlite_engine(url, synchronous)


def engine_of(app: Flask) -> Engine:
    """The engine of an application that need not be the current one."""
    engine: Engine = app.extensions["database"][0]
    return engine


def close(app: Flask) -> None:
    """Leave the database when a process of `app` ends; of SQLite the file alone has every row then."""
    engine = engine_of(app)
    engine.dispose()
    path = engine.url.database
    if engine.dialect.name == "sqlite" and path and Path(path).is_file():
        merge_wal(path)


# The driver prepares a statement that it sends often. From its tenth use PostgreSQL would plan it once for all values,
# which takes a search without the index for rare words: from 14 to 91 ms for similar questions among 100,000.
POSTGRESQL_OPTIONS = "-c plan_cache_mode=force_custom_plan"


# Seconds after which a server counts as gone. A new connection must be there; what was sent must be acknowledged, which
# PostgreSQL's driver asks of the network; and MySQL must answer a statement, however long a migration takes.
CONNECT_SECONDS, ACKNOWLEDGE_SECONDS, ANSWER_SECONDS = 2, 10, 3600


def _create_server_engine(url: str) -> Engine:
    parsed = make_url(url)
    is_postgresql = parsed.get_backend_name() == "postgresql"
    arguments = _postgresql_arguments(parsed) if is_postgresql else _mysql_arguments()
    # What the URL says takes precedence.
    engine = create_engine(
        url,
        connect_args={
            name: value for name, value in arguments.items() if name == "options" or name not in parsed.query
        },
        hide_parameters=True,  # errors are logged: password hashes, private text
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_size=5,
        max_overflow=5,
    )
    connect_through_breaker(engine, _maker_of_connections(engine.dialect))
    return engine


def _maker_of_connections(dialect: Dialect) -> Callable[..., DBAPIConnection]:
    """What connects; the driver of MySQL is imported only for such a database."""
    if dialect.driver != "pymysql":
        return dialect.connect
    return import_module("madang.core.db.mysql").GreetedConnection


def _postgresql_arguments(url: URL) -> dict[str, str | int]:
    return {
        "options": f"{url.query.get('options', '')} {POSTGRESQL_OPTIONS}".strip(),
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": ACKNOWLEDGE_SECONDS * 1000,
        "keepalives_idle": ACKNOWLEDGE_SECONDS,
    }


# MySQL cuts what GROUP_CONCAT joins after 1,024 bytes, such as the ids of an actor's groups; MariaDB has this limit.
MYSQL_OPTIONS = "SET SESSION group_concat_max_len = 1048576"


def _mysql_arguments() -> dict[str, str | int]:
    return {
        "connect_timeout": CONNECT_SECONDS,
        "read_timeout": ANSWER_SECONDS,
        "write_timeout": ANSWER_SECONDS,
        "init_command": MYSQL_OPTIONS,
    }
