"""Prove that a backup can be restored: write it into an empty database and compare."""

import hashlib
from collections.abc import Callable, Iterator

from madang.admin.operations.counters import differences
from madang.core.db import db
from madang.core.i18n import _

from .archive import Archive
from .restoring import restore_rows
from .rows import shape_of, site_tables, table_lines


def check_files(archive: Archive, advance: Callable[[int], object]) -> None:
    """Read every uploaded file of a backup. Raises `BrokenBackup` if one is not as it was written."""
    for _name, _content in archive.files():
        advance(1)


def check_rows(archive: Archive, advance: Callable[[int], object]) -> Iterator[str]:
    """Restore the rows of a backup into this context's database, a scratch one; yield what is wrong, as sentences.

    Compares number and SHA-256 of each table with the manifest, as long as its version has the tables of this one, and
    counts everything that the counters count. Raises `BrokenBackup`.
    """
    restore_rows(archive, advance)
    written = {part.name: part for part in archive.manifest.tables}
    with db.engine.connect() as connection:
        for table in site_tables():
            part = written.get(table.name)
            if part is None or part.columns != [list(column) for column in shape_of(table).columns]:
                continue  # a table of another version, which the upgrade has changed
            digest = hashlib.sha256()
            for line in table_lines(connection, table):
                digest.update(line)
            if digest.hexdigest() != part.sha256:
                yield _("The table %(name)s is not the same after it is restored.", name=table.name)
    yield from (str(difference) for difference in differences())
