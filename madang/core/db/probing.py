"""Connections for health checks and metrics: their own, and short-lived, so that a database that hangs is noticed."""

from functools import cache

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from .session import db

SECONDS = 2  # the least that libpq waits for a connection
_OPTIONS: dict[str, dict[str, object]] = {
    "postgresql": {
        "connect_timeout": SECONDS,
        "tcp_user_timeout": 1000 * SECONDS,
        "options": f"-c statement_timeout={1000 * SECONDS}",
    },
    "mysql": {"connect_timeout": SECONDS, "read_timeout": SECONDS, "write_timeout": SECONDS},
}


def probe_engine(url: str) -> Engine:
    """An engine whose connections give up after `SECONDS`; for SQLite, which has no server, the application's own."""
    return db.engine if url.startswith("sqlite") else _server_engine(url)


@cache
def _server_engine(url: str) -> Engine:
    options = _OPTIONS["postgresql" if make_url(url).get_backend_name() == "postgresql" else "mysql"]
    return create_engine(
        url, connect_args=options, poolclass=NullPool, hide_parameters=True, isolation_level="READ COMMITTED"
    )
