"""The engines of the three dialects, configured to behave alike."""

from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, create_engine, make_url

from .session import db
from .sqlite import create_sqlite_engine


def init_app(app: Flask) -> None:
    """Connect `app` to the database that its settings name."""
    url = app.config["DATABASE_URL"]
    if not url.startswith("sqlite"):
        db.init_app(app, _create_server_engine(url))
        return
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app, create_sqlite_engine(url, app.config["SQLITE_SYNCHRONOUS"]))


# The driver prepares a statement that it sends often. From its tenth use PostgreSQL would plan it once for all values,
# which takes a search without the index for rare words: from 14 to 91 ms for similar questions among 100,000.
POSTGRESQL_OPTIONS = "-c plan_cache_mode=force_custom_plan"


def _create_server_engine(url: str) -> Engine:
    parsed = make_url(url)
    options = f"{parsed.query.get('options', '')} {POSTGRESQL_OPTIONS}".strip()
    return create_engine(
        url,
        connect_args={"options": options} if parsed.get_backend_name() == "postgresql" else {},
        hide_parameters=True,  # errors are logged: password hashes, private text
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_size=5,
        max_overflow=5,
    )
