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


def _create_server_engine(url: str) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,  # errors are logged: password hashes, private text
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_size=5,
        max_overflow=5,
    )
