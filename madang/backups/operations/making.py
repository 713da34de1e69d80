"""Make a backup while the site runs."""

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import version
from typing import IO

from madang.admin.operations.site_settings import record_backup
from madang.config import describe
from madang.core.db import db, transaction
from madang.core.db.upgrade import current_revision, require_up_to_date
from madang.core.settings import setting, settings
from madang.core.site import site
from madang.core.storage.backends import store
from madang.core.storage.pictures import is_picture_name

from .archive import ArchiveWriter, Manifest, TablePart
from .encryption import encrypting
from .places import Target
from .rows import count_rows, shape_of, site_tables, table_lines
from .snapshot import snapshot

PREFIXES = [f"{number:02x}" for number in range(256)]


def make_backup(target: Target, *, now: datetime, on_progress: Callable[[int, int], object]) -> Manifest:
    """Write a backup of database, files and settings to a file, and record it; an existing file stays until then.

    Calls `on_progress(done, total)` with rows and files. Raises `Conflict` if the tables are not of this version,
    `OSError` if the file cannot be written, and `Unavailable` if a store does not take it. With
    `MADANG_BACKUP_PASSPHRASE` it is encrypted.
    """
    with target.place.writing(target.name) as file, encrypting(file, setting("BACKUP_PASSPHRASE")) as content:
        manifest = _write(content, now, on_progress)
    with transaction():
        record_backup(now=now)
    return manifest


def _write(target: IO[bytes], now: datetime, on_progress: Callable[[int, int], object]) -> Manifest:
    archive = ArchiveWriter(target)
    try:
        manifest = _write_tables(archive, now, on_progress)
        # After the database: a file is written before its row, and deleted days after the last text that shows it.
        for name in _file_names():
            if file := store().open(name):
                with file.content as content:
                    archive.write_file(name, content)
        archive.close(manifest)
    except BaseException:
        archive.abandon()
        raise
    return manifest


def _write_tables(archive: ArchiveWriter, now: datetime, on_progress: Callable[[int, int], object]) -> Manifest:
    with snapshot() as connection:
        require_up_to_date(connection)
        manifest = Manifest(
            site=site().name,
            made_at=now.isoformat(),
            version=version("madang"),
            revision=current_revision(connection),
            database=db.engine.dialect.name,
            settings={row.name: row.value for row in describe(settings())},
        )
        counts = {table.name: count_rows(connection, table) for table in site_tables()}
        total, done = sum(counts.values()), 0

        def counted(lines: Iterator[bytes]) -> Iterator[bytes]:
            nonlocal done
            for line in lines:
                yield line
                done += 1
                on_progress(done, total)

        for table in site_tables():
            lines = counted(table_lines(connection, table))
            rows, sha256 = archive.write_lines(f"tables/{table.name}.jsonl.zst", lines)
            shape = shape_of(table)
            manifest.tables.append(TablePart(table.name, [list(column) for column in shape.columns], rows, sha256))
    return manifest


def _file_names() -> Iterator[str]:
    """The names of all uploaded files; not of those that are being written."""
    for prefix in PREFIXES:
        yield from (name for name, _changed_at in store().names(prefix) if is_picture_name(name))
