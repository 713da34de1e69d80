"""Write a backup into the database and the store of files, as a whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, delete, func, inspect, select, table, text
from sqlalchemy import column as sql_column

from madang.core.db import db
from madang.core.db.upgrade import bring_up_to_date, migrate_to, without_snapshots
from madang.core.errors import Conflict
from madang.core.i18n import _
from madang.core.storage.backends import store
from madang.core.storage.pictures import type_of

from .archive import Archive, Manifest
from .inserting import drop_indexes, insert_lines
from .rows import count_rows, site_tables
from .snapshot import without_file_mapping

Advance = Callable[[int], object]


def is_empty() -> bool:
    """Whether the site has neither accounts nor posts; the tables exist then."""
    bring_up_to_date()
    with db.engine.connect() as connection:
        return not is_site_in(connection)


def is_site_in(connection: Connection) -> bool:
    """Whether a database with the tables of this version has accounts or posts."""
    return any(count_rows(connection, each) for each in site_tables() if each.name in ("users", "posts"))


def require_replacing(is_replaced: bool) -> None:
    """Raise `Conflict` if a site is not to be replaced."""
    if not is_replaced:
        raise Conflict(_("There is a site already. Use --replace to replace it; a backup of it is made first."))


def restore_backup(archive: Archive, *, advance: Advance) -> None:
    """Write the files of a backup, then replace all rows by its rows in one transaction.

    Killed meanwhile, the database stays as it was. A backup of an earlier version is written into the tables of that
    version, which are then upgraded; for this the rows are deleted first. Raises `Conflict` if the backup is of a newer
    version, and `BrokenBackup`.
    """
    restore_files(archive, advance)
    restore_rows(archive, advance)


def restore_files(archive: Archive, advance: Advance) -> None:
    """Write the uploaded files that the store lacks."""
    for name, content in archive.files():
        if not store().has(name):
            store().put(name, content, type_of(name))
        advance(1)


def restore_rows(archive: Archive, advance: Advance) -> None:
    """Replace all rows by those of a backup, in the tables of its version; then upgrade these."""
    bring_up_to_date()
    manifest = archive.manifest
    with without_snapshots():
        _go_to_revision(manifest)
        _replace_rows(archive, manifest, advance)
        bring_up_to_date()


def _replace_rows(archive: Archive, manifest: Manifest, advance: Advance) -> None:
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            without_file_mapping(connection)
        with without_foreign_keys(connection):
            clear_tables(connection, [part.name for part in manifest.tables])
            indexes = drop_indexes(connection)
            for part in manifest.tables:
                insert_lines(connection, part.shape, _counted(archive.table_lines(part), advance))
            for statement in indexes:
                connection.execute(text(statement))
        continue_sequences(connection, [part.name for part in manifest.tables])


def _counted(lines: Iterator[bytes], advance: Advance) -> Iterator[bytes]:
    for line in lines:
        yield line
        advance(1)


def _go_to_revision(manifest: Manifest) -> None:
    """Give the database the tables of the backup's version; without rows, if it is another one than ours."""
    try:
        migrate_to(manifest.revision, before=_clear_all)
    except LookupError as error:
        raise Conflict(
            _(
                "This backup was made by version %(version)s, which is newer. Please install it first.",
                version=manifest.version,
            )
        ) from error


def _clear_all() -> None:
    with db.engine.begin() as connection, without_foreign_keys(connection):
        clear_tables(connection, [each.name for each in site_tables()])


def clear_tables(connection: Connection, names: list[str]) -> None:
    """Delete all rows of tables, those that refer to others first; `names` has those first that others refer to."""
    for name in reversed(names):
        connection.execute(delete(table(name)))


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Check foreign keys at the end only: rows may refer to later ones.

    SQLite defers them to the end of the transaction, MariaDB skips the checks, and PostgreSQL, where only a superuser
    may skip them, gets its constraints back at the end, which checks all rows.
    """
    dialect = connection.dialect.name
    if dialect == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        yield
    elif dialect == "postgresql":
        dropped = drop_foreign_keys(connection)
        yield
        for statement in dropped:
            connection.execute(text(statement))
    else:
        connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
        try:
            yield
        finally:
            connection.execute(text("SET FOREIGN_KEY_CHECKS = 1"))


def drop_foreign_keys(connection: Connection) -> list[str]:
    """Drop the foreign keys of PostgreSQL; return the statements that create them again."""
    catalogue = text(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    )
    keys = connection.execute(catalogue).all()
    for owner, name, _definition in keys:
        connection.execute(text(f"ALTER TABLE {owner} DROP CONSTRAINT {name}"))
    return [f"ALTER TABLE {owner} ADD CONSTRAINT {name} {definition}" for owner, name, definition in keys]


def continue_sequences(connection: Connection, names: list[str]) -> None:
    """Let PostgreSQL number new rows after the last ones; the others do so themselves."""
    if connection.dialect.name != "postgresql":
        return
    inspector = inspect(connection)
    for name in names:
        for column in inspector.get_columns(name):
            if str(column.get("default") or "").startswith("nextval("):
                numbered = table(name, sql_column(column["name"]))
                sequence = func.pg_get_serial_sequence(name, column["name"])
                last = func.coalesce(func.max(numbered.c[column["name"]]), 1)
                connection.execute(select(func.setval(sequence, last)).select_from(numbered))
