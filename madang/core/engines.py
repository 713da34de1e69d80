"""The engines of the three dialects, so that all behave alike."""

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.engine import make_url

from .db import db, set_up_sqlite, sqlite_engine_options

SERVER_OPTIONS = {"isolation_level": "READ COMMITTED", "pool_pre_ping": True, "pool_recycle": 1800}


def engine_options(url: str) -> dict[str, Any]:
    """What SQLAlchemy needs to open the database at `url`."""
    if url.startswith("sqlite"):
        return sqlite_engine_options(url)
    return {"url": url, **SERVER_OPTIONS, "pool_size": 5, "max_overflow": 5}


def set_up_engines(app: Flask) -> None:
    """Prepare the engine that the extension made from the settings."""
    with app.app_context():
        engine = db.engine
        if engine.dialect.name != "sqlite":
            return
        path = make_url(app.config["DATABASE_URL"]).database
        if path and path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        set_up_sqlite(engine, app.config["SQLITE_SYNCHRONOUS"])
