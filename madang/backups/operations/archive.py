"""The file of a backup: a ZIP file of compressed tables and pictures, with a manifest that has the digest of each part.

    manifest.json                   versions, time, tables with columns, number of rows and SHA-256, pictures
    tables/<name>.jsonl.zst         the rows of a table (`rows.py`), compressed with Zstandard
    files/<name>                    each uploaded file as it is
    files.jsonl.zst                 name, size and SHA-256 of each of them

Any tool for ZIP and Zstandard (RFC 8878) can read it, without Madang.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import IO
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.storage.pictures import is_picture_name

from .rows import TableShape

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files.jsonl.zst"
CHUNK = 1 << 20


class BrokenBackup(InvalidInput):
    """The file is no backup, or not as it was written."""


@dataclass
class TablePart:
    """A table in a backup: its columns with their kinds, the number of its rows, the SHA-256 of its lines."""

    name: str
    columns: list[list[str]]
    rows: int
    sha256: str

    @property
    def shape(self) -> TableShape:
        return TableShape(self.name, tuple((name, kind) for name, kind in self.columns))


@dataclass
class Manifest:
    """What a backup holds. `revision` is the migration of its tables, `made_at` an ISO 8601 time."""

    site: str
    made_at: str
    version: str
    revision: str
    database: str
    tables: list[TablePart] = field(default_factory=list)
    file_count: int = 0
    files_sha256: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def row_count(self) -> int:
        return sum(table.rows for table in self.tables)


class ArchiveWriter:
    """Writes a backup to a file, which need not be seekable; holds one chunk at a time in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = ZipFile(file, "w", ZIP_STORED, allowZip64=True)
        self._file_lines: list[bytes] = []

    def write_lines(self, name: str, lines: Iterable[bytes]) -> tuple[int, str]:
        """Write a compressed part; return the number of its lines and their SHA-256."""
        digest, count = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as entry, zstd.ZstdFile(entry, "w", level=3) as part:
            part.write(b"")  # so that a part without lines is a frame too
            for line in lines:
                part.write(line)
                digest.update(line)
                count += 1
        return count, digest.hexdigest()

    def write_file(self, name: str, content: IO[bytes]) -> None:
        """Write an uploaded file."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(f"files/{name}", "w", force_zip64=True) as entry:
            while chunk := content.read(CHUNK):
                entry.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self._file_lines.append(json.dumps([name, size, digest.hexdigest()]).encode() + b"\n")

    def abandon(self) -> None:
        """End a backup that has failed; its file is of no use."""
        with suppress(OSError, ValueError):
            self._zip.close()

    def close(self, manifest: Manifest) -> None:
        """Write the list of the files and the manifest, which makes the backup complete."""
        manifest.file_count, manifest.files_sha256 = self.write_lines(FILES, self._file_lines)
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        self._zip.close()


class Archive:
    """A backup that is read. Raises `BrokenBackup` where it is not as it was written."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._zip = ZipFile(file)
            text = self._zip.read(MANIFEST)
        except (BadZipFile, KeyError, ValueError, EOFError, OSError) as error:
            raise BrokenBackup(_("This is not a complete backup: %(error)s.", error=error)) from error
        self.manifest = _read_manifest(text)

    def table_lines(self, part: TablePart) -> Iterator[bytes]:
        """The lines of a table; the last one comes only if number and digest are those of the manifest."""
        yield from self._lines(f"tables/{part.name}.jsonl.zst", part.rows, part.sha256)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of each uploaded file, checked against its digest."""
        for line in self._lines(FILES, self.manifest.file_count, self.manifest.files_sha256):
            name, sha256 = _name_and_digest(line)
            try:
                content = self._zip.read(f"files/{name}")
            except (BadZipFile, KeyError, EOFError, OSError) as error:
                raise BrokenBackup(_broken(f"files/{name}")) from error
            if hashlib.sha256(content).hexdigest() != sha256:
                raise BrokenBackup(_broken(f"files/{name}"))
            yield name, content

    def _lines(self, name: str, count: int, sha256: str) -> Iterator[bytes]:
        digest, read, last = hashlib.sha256(), 0, b""
        try:
            with self._zip.open(name) as entry, zstd.ZstdFile(entry) as part:
                for line in part:
                    if read:
                        yield last
                    digest.update(line)
                    read, last = read + 1, line
        except (BadZipFile, KeyError, zstd.ZstdError, EOFError, OSError) as error:
            raise BrokenBackup(_broken(name)) from error
        if (read, digest.hexdigest()) != (count, sha256):
            raise BrokenBackup(_broken(name))
        if read:
            yield last


def _name_and_digest(line: bytes) -> tuple[str, str]:
    """Name and SHA-256 of a file. The name becomes a path, and whoever made the backup may mean harm."""
    try:
        name, _size, sha256 = json.loads(line)
    except (TypeError, ValueError) as error:
        raise BrokenBackup(_broken(FILES)) from error
    if not isinstance(name, str) or not is_picture_name(name):
        raise BrokenBackup(_broken(FILES))
    return name, sha256


def _broken(name: str) -> str:
    return _("%(name)s in the backup is damaged. Please use another backup.", name=name)


def _read_manifest(text: bytes) -> Manifest:
    try:
        values = json.loads(text)
        is_readable = values["format"] == FORMAT
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenBackup(_broken(MANIFEST)) from error
    if not is_readable:
        raise BrokenBackup(
            _("This backup has a form that this version of Madang cannot read. Please install a newer one.")
        )
    try:
        return Manifest(**{**values, "tables": [TablePart(**table) for table in values["tables"]]})
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenBackup(_broken(MANIFEST)) from error
