"""Upgrade the database to this version's tables, by Alembic."""

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate, upgrade
from sqlalchemy import Connection

from .session import db

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def init_app(app: Flask) -> None:
    """Register the commands `madang db ...`."""
    Migrate(app, db, directory=str(MIGRATIONS))


def bring_up_to_date() -> None:
    """Run the migrations that the database lacks."""
    with db.engine.connect() as connection:
        is_done = is_up_to_date(connection)
    if not is_done:
        upgrade(directory=str(MIGRATIONS))


def is_up_to_date(connection: Connection) -> bool:
    """Whether the database has every migration."""
    return set(MigrationContext.configure(connection).get_current_heads()) == heads()


def heads() -> set[str]:
    """The newest revisions: those that no other one follows."""
    return set(ScriptDirectory(str(MIGRATIONS)).get_heads())
