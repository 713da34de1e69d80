"""Snapshots of the database before its tables change: written, listed, and returned to.

Of SQLite a snapshot is a copy of the file. Of a server it is a backup without pictures, with the tables of the version
that the database has, which need not be that of the code.
"""

import logging
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Column, Connection, MetaData, Table, inspect, text
from sqlalchemy.types import JSON, Boolean, Date, DateTime, Integer, Time, TypeEngine

from madang.core.db import Base, db
from madang.core.db.upgrade import current_revision, upgrade_to, without_snapshots
from madang.core.errors import Conflict, InvalidInput
from madang.core.i18n import _
from madang.core.settings import setting

from .archive import Archive, ArchiveWriter, Manifest, TablePart
from .inserting import insert_lines
from .places import FolderPlace
from .restoring import clear_tables, continue_sequences, without_foreign_keys
from .rows import TYPES, shape_of, table_lines
from .snapshot import snapshot

KEPT = 3
STAMP = "%Y%m%d-%H%M%S"
NAME = re.compile(r"(?P<revision>[0-9_]+)-(?P<time>\d{8}-\d{6})-before-(?P<version>.+)\.(db|zip)", re.ASCII)
UPGRADE = "upgrade-begun"  # a file with the revision before, while migrations run
ROLLBACK = "rollback-begun"  # a file with the name of the snapshot, while a rollback runs
_KINDS: tuple[tuple[type[TypeEngine], str], ...] = (
    (DateTime, "moment"),
    (Date, "date"),
    (Time, "time"),
    (Boolean, "bool"),
    (Integer, "int"),
    (JSON, "json"),
)
log = logging.getLogger("madang.database")


class Snapshot(NamedTuple):
    """A snapshot: the revision of its tables, when it was taken, and before which version of Madang."""

    path: Path
    revision: str
    taken_at: datetime
    before: str


def snapshot_folder() -> Path:
    return Path(setting("INSTANCE")) / "snapshots"


def list_snapshots() -> list[Snapshot]:
    """The snapshots of this installation, newest first."""
    found = []
    for path in snapshot_folder().glob("*-before-*"):
        if match := NAME.fullmatch(path.name):
            taken_at = datetime.strptime(match["time"], STAMP).replace(tzinfo=UTC)
            found.append(Snapshot(path, match["revision"], taken_at, match["version"]))
    return sorted(found, key=lambda each: each.taken_at, reverse=True)


def take_snapshot(*, now: datetime) -> Path:
    """Copy the database to the folder of snapshots, of which the last ones are kept; returns the file."""
    path = snapshot_folder() / f"{_revision()}-{now.strftime(STAMP)}-before-{version('madang')}"
    written = write_snapshot(path, now=now)
    for old in list_snapshots()[KEPT:]:
        old.path.unlink(missing_ok=True)
    return written


def write_snapshot(path: Path, *, now: datetime) -> Path:
    """Copy the database, whatever its revision is, to a file of this name, with the ending of its kind."""
    is_file = db.engine.dialect.name == "sqlite"
    written = path.with_name(f"{path.name}.{'db' if is_file else 'zip'}")
    with FolderPlace(path.parent).writing(written.name) as file:
        if is_file:
            _copy(str(db.engine.url.database), file.name)
        else:
            _write_archive(ArchiveWriter(file), now)
    return written


def _copy(source: str, target: str) -> None:
    """Copy a database of SQLite as it is at one moment, also into one in use; killed meanwhile, that is unchanged."""
    with closing(sqlite3.connect(source)) as copied, closing(sqlite3.connect(target)) as copy:
        copied.backup(copy)


def _revision() -> str:
    with db.engine.connect() as connection:
        return current_revision(connection)


def _write_archive(archive: ArchiveWriter, now: datetime) -> None:
    with snapshot() as connection:
        manifest = Manifest(
            site="",
            made_at=now.isoformat(),
            version=version("madang"),
            revision=current_revision(connection),
            database=connection.dialect.name,
        )
        for table in _tables_of(connection):
            lines = table_lines(connection, table)
            rows, sha256 = archive.write_lines(f"tables/{table.name}.jsonl.zst", lines)
            columns = [list(column) for column in shape_of(table).columns]
            manifest.tables.append(TablePart(table.name, columns, rows, sha256))
        archive.close(manifest)


def _tables_of(connection: Connection) -> list[Table]:
    """The tables that a database has, by its own catalogue; those that others refer to first."""
    inspector, metadata = inspect(connection), MetaData()
    names = [name for name, _keys in inspector.get_sorted_table_and_fkc_names() if name]
    for name in names:
        if name.startswith("alembic_"):
            continue
        keys = inspector.get_pk_constraint(name)["constrained_columns"]
        columns = [
            Column(each["name"], TYPES[_kind_of(name, each["name"], each["type"])], primary_key=each["name"] in keys)
            for each in inspector.get_columns(name)
            if not each.get("computed")
        ]
        Table(name, metadata, *columns)
    return [metadata.tables[name] for name in names if name in metadata.tables]


def _kind_of(table: str, column: str, found: TypeEngine) -> str:
    """The kind of a column: as the models say, or, of one that they do not have, as the database says."""
    known = Base.metadata.tables.get(table)
    if known is not None and column in known.columns:
        return dict(shape_of(known).columns)[column]
    return next((kind for of_type, kind in _KINDS if isinstance(found, of_type)), "text")


def find_snapshot(name: str) -> Snapshot:
    """The snapshot whose file has this name; the newest one for an empty name. Raises `InvalidInput`."""
    begun = snapshot_folder() / ROLLBACK
    name = name or (begun.read_text() if begun.is_file() else "")
    for each in list_snapshots():
        if not name or each.path.name == name:
            return each
    raise InvalidInput(_("There is no such snapshot in %(folder)s.", folder=snapshot_folder()))


def is_rolling_back() -> bool:
    """Whether a rollback was stopped before its end."""
    return (snapshot_folder() / ROLLBACK).is_file()


def roll_back(chosen: Snapshot) -> None:
    """Return the database to a snapshot. Stopped meanwhile, it has to be repeated; nothing starts until then."""
    begun = snapshot_folder() / ROLLBACK
    begun.write_text(chosen.path.name)
    if db.engine.dialect.name == "sqlite":
        db.engine.dispose()
        _copy(str(chosen.path), str(db.engine.url.database))
    else:
        with chosen.path.open("rb") as file:
            _restore(Archive(file))
    (snapshot_folder() / UPGRADE).unlink(missing_ok=True)
    begun.unlink()


def _restore(archive: Archive) -> None:
    if archive.manifest.database != db.engine.dialect.name:
        raise Conflict(_("This snapshot is of another kind of database."))
    drop_tables()
    with without_snapshots():
        upgrade_to(archive.manifest.revision)
    with db.engine.begin() as connection:
        with without_foreign_keys(connection):
            clear_tables(connection, [part.name for part in archive.manifest.tables])
            for part in archive.manifest.tables:
                insert_lines(connection, part.shape, archive.table_lines(part))
        continue_sequences(connection, [part.name for part in archive.manifest.tables])


def drop_tables() -> None:
    """Drop every table of a server's database, also half-migrated ones."""
    with db.engine.begin() as connection:
        quote = connection.dialect.identifier_preparer.quote
        is_postgresql = connection.dialect.name == "postgresql"
        if not is_postgresql:
            connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
        for name in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE {quote(name)}{' CASCADE' if is_postgresql else ''}"))
        if not is_postgresql:
            connection.execute(text("SET FOREIGN_KEY_CHECKS = 1"))
