"""The engines of the three dialects, so that all behave alike."""

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.engine import make_url

from .session import db
from .sqlite import set_up_sqlite, sqlite_engine_options

SERVER_OPTIONS: dict[str, Any] = {
    "isolation_level": "READ COMMITTED",
    "pool_pre_ping": True,
    "pool_recycle": 1800,
    "pool_size": 5,
    "max_overflow": 5,
}


def init_app(app: Flask) -> None:
    """Connect `app` to the database that its settings name."""
    url = app.config["DATABASE_URL"]
    if not url.startswith("sqlite"):
        db.init_app(app, url, **SERVER_OPTIONS)
        return
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app, url, **sqlite_engine_options())
    with app.app_context():
        set_up_sqlite(db.engine, app.config["SQLITE_SYNCHRONOUS"])
