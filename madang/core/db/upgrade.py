"""Bringing the tables up to date by Alembic."""

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate, upgrade
from sqlalchemy import Connection

from .session import db

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def init_app(app: Flask) -> None:
    """Give `app` the commands `db ...`."""
    Migrate(app, db, directory=str(MIGRATIONS))


def bring_up_to_date() -> None:
    """Make the tables those of this version."""
    with db.engine.connect() as connection:
        is_done = is_up_to_date(connection)
    if not is_done:
        upgrade(directory=str(MIGRATIONS))


def is_up_to_date(connection: Connection) -> bool:
    """Whether the tables are those of this version."""
    return set(MigrationContext.configure(connection).get_current_heads()) == heads()


def heads() -> set[str]:
    """The newest revisions among the migrations: those that no other one follows."""
    return set(ScriptDirectory(str(MIGRATIONS)).get_heads())
