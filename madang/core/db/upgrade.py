"""Upgrade the database to this version's tables, by Alembic."""

from collections.abc import Callable
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import Flask
from flask_migrate import Migrate, downgrade, upgrade
from sqlalchemy import Connection

from madang.core.errors import Conflict
from madang.core.i18n import _

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


def require_up_to_date(connection: Connection) -> None:
    """Raise `Conflict` if the database lacks a migration, or has one of a newer version."""
    if not is_up_to_date(connection):
        raise Conflict(_("The database tables do not match this version. Run “flask --app madang db upgrade”."))


def migrate_to(revision: str, *, before: Callable[[], object]) -> None:
    """Give an up-to-date database the tables of an earlier revision; `before` is called if that changes anything.

    Raises `LookupError` for a revision that this version does not have.
    """
    if revision in heads():
        return
    try:
        ScriptDirectory(str(MIGRATIONS)).get_revision(revision)
    except CommandError as error:
        raise LookupError(revision) from error
    before()
    downgrade(directory=str(MIGRATIONS), revision=revision)
