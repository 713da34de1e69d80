"""Bringing the tables up to date by Alembic, which takes a tenth of a start to load and is only loaded to do so."""

import re

from flask import Flask
from sqlalchemy import Connection, text
from werkzeug.local import LocalProxy

from . import MIGRATIONS
from .core.db import db
from .core.later import Later

flask_migrate = Later("flask_migrate")
REVISION = re.compile(r"^(down_)?revision\b.*$", re.MULTILINE)
NAME = re.compile(r'"(\w+)"')


def init_app(app: Flask) -> None:
    """Give `app` to Flask-Migrate when one of its commands (`db upgrade`) asks for what it knows of `app`."""

    def register() -> object:
        flask_migrate.Migrate(app, db, directory=str(MIGRATIONS))  # takes the place of what stands here
        return app.extensions["migrate"]

    app.extensions["migrate"] = LocalProxy(register)


def bring_up_to_date() -> None:
    """Make the tables those of this version."""
    with db.engine.connect() as connection:
        is_done = is_up_to_date(connection)
    if not is_done:
        flask_migrate.upgrade(directory=str(MIGRATIONS))


def is_up_to_date(connection: Connection) -> bool:
    """Whether the tables are those of this version."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return False
    return set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars()) == heads()


def heads() -> set[str]:
    """The newest revisions among the migrations: those that no other one follows."""
    present: set[str] = set()
    followed: set[str] = set()
    for path in MIGRATIONS.glob("versions/*.py"):
        for line in REVISION.finditer(path.read_text("utf-8")):
            (followed if line[1] else present).update(NAME.findall(line[0]))
    return present - followed
