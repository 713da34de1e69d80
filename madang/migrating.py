"""Bringing the tables up to date by Alembic, which takes a tenth of a start to load and is only loaded to do so."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import Connection, text
from werkzeug.local import LocalProxy

from .core.db import db
from .core.later import Later

flask_migrate = Later("flask_migrate")
MIGRATIONS = Path(__file__).parent / "migrations"
REVISION = re.compile(r"^(down_)?revision\b.*$", re.MULTILINE)
NAME = re.compile(r'"(\w+)"')


class Commands(AppGroup):
    """The commands of an application; those of Flask-Migrate (`db ...`) join them when somebody asks."""

    def __init__(self, join: Callable[[], object]) -> None:
        super().__init__()
        self._join = join

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._join()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        self._join()
        return super().get_command(ctx, name)


def init_app(app: Flask) -> None:
    """Give `app` to Flask-Migrate when its commands are asked for, or what it knows of `app`."""

    @cache
    def join() -> object:
        flask_migrate.Migrate(app, db, directory=str(MIGRATIONS))  # takes the place of what stands here
        return app.extensions["migrate"]

    app.extensions["migrate"] = LocalProxy(join)
    app.cli = Commands(join)


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
