"""Upgrade the database to this version's tables, by Alembic."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import Flask
from flask_migrate import Migrate, downgrade, upgrade
from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select
from sqlalchemy.exc import OperationalError

from madang.core.errors import Conflict
from madang.core.i18n import _

from .session import db

log = logging.getLogger("madang.database")
MIGRATIONS = Path(__file__).parents[2] / "migrations"
# Alembic's table of the revision. Its own reader makes a new table each time, whose compiled statement stays in memory.
_REVISIONS = Table("alembic_version", MetaData(), Column("version_num", String(32)))


def init_app(app: Flask) -> None:
    """Register the commands `madang db ...`."""
    Migrate(app, db, directory=str(MIGRATIONS))


def bring_up_to_date() -> None:
    """Run the migrations that the database lacks. Raises `Conflict` if it has one of a newer version."""
    with db.engine.connect() as connection:
        require_no_newer(connection)
        is_done = is_up_to_date(connection)
    if not is_done:
        upgrade(directory=str(MIGRATIONS))


_is_guarded: ContextVar[bool] = ContextVar("migrations_are_guarded", default=True)


@contextmanager
def without_snapshots() -> Iterator[None]:
    """Migrate a database in this block whose rows are of no use, or are elsewhere too: a backup, a snapshot."""
    token = _is_guarded.set(False)
    try:
        yield
    finally:
        _is_guarded.reset(token)


def takes_snapshots() -> bool:
    """Whether a migration is preceded by a snapshot of the database."""
    return _is_guarded.get()


def upgrade_to(revision: str) -> None:
    """Run the migrations up to a revision on an empty database."""
    upgrade(directory=str(MIGRATIONS), revision=revision)


def is_up_to_date(connection: Connection) -> bool:
    """Whether the database has every migration."""
    return current_heads(connection) == heads()


def current_heads(connection: Connection) -> set[str]:
    """The revision of the database, as a set; empty if it has no tables."""
    if not inspect(connection).has_table(_REVISIONS.name):
        return set()
    return set(connection.scalars(select(_REVISIONS.c.version_num)))


def current_revision(connection: Connection) -> str:
    """The revision of the database; empty if it has no tables."""
    return max(current_heads(connection), default="")


@cache
def heads() -> frozenset[str]:
    """The newest revisions of this version: those that no other one follows."""
    return frozenset(ScriptDirectory(str(MIGRATIONS)).get_heads())


def require_no_newer(connection: Connection, directory: ScriptDirectory | None = None) -> None:
    """Raise `Conflict` if the database has a migration that this version does not know.

    `directory` has the migrations of this version, if they are not in `MIGRATIONS`.
    """
    directory, current = directory or ScriptDirectory(str(MIGRATIONS)), current_heads(connection)
    if not current or current == set(directory.get_heads()):
        return
    known = {script.revision for script in directory.walk_revisions()}
    if unknown := current - known:
        raise Conflict(
            _(
                "The database is of a newer version of Madang (%(revision)s). Install that version again, or return to "
                "the data before its upgrade: with the newer version, run “madang rollback”.",
                revision=", ".join(sorted(unknown)),
            )
        )


def require_startable() -> None:
    """Raise `Conflict` if this version cannot serve the database, since that is of a newer one.

    A database that does not answer now is no reason: it may answer soon.
    """
    try:
        with db.engine.connect() as connection:
            require_no_newer(connection)
    except OperationalError as error:
        log.warning("the database does not answer: %s", error.orig)


def require_up_to_date(connection: Connection) -> None:
    """Raise `Conflict` if the database lacks a migration, or has one of a newer version."""
    if not is_up_to_date(connection):
        raise Conflict(_("The database tables do not match this version. Run “madang upgrade”."))


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
