"""Files in a folder."""

import logging
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .backends import StoreAway, StoredFile, backend, key_of

log = logging.getLogger("madang.files")


@backend("folder")
class FolderStore:
    """Files in a folder of this machine, or in one that several machines see."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.folder = Path(config["UPLOAD_FOLDER"])

    def put(self, name: str, content: bytes, content_type: str) -> None:
        path = self._path(name)
        part = path.with_name(f"{name}.{secrets.token_hex(4)}.part")
        with _answering():
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.replace(path)

    def open(self, name: str) -> StoredFile | None:
        path = self._path(name)
        with _answering():
            try:
                content = path.open("rb")
            except FileNotFoundError:
                return None
            seen = os.fstat(content.fileno())
        return StoredFile(content, seen.st_size, datetime.fromtimestamp(seen.st_mtime, UTC))

    def has(self, name: str) -> bool:
        return self._path(name).is_file()

    def remove(self, name: str) -> None:
        with _answering():
            self._path(name).unlink(missing_ok=True)

    def names(self, beginning: str) -> Iterator[tuple[str, datetime]]:
        for path in self.folder.glob(f"{beginning}*/*"):
            with suppress(FileNotFoundError):  # removed meanwhile
                yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def _path(self, name: str) -> Path:
        return self.folder / key_of(name)


@contextmanager
def _answering() -> Iterator[None]:
    """A full disk, or one that has gone."""
    try:
        yield
    except OSError as error:
        log.warning("the folder of files does not answer: %s", error)
        raise StoreAway from error
