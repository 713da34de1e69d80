"""The backend that stores files in a folder."""

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from .backends import Config, StoredFile, StoreUnavailable, backend, key_of

log = logging.getLogger("madang.files")


@backend("folder")
class FolderStore:
    """A folder of this machine, or one that several machines share."""

    def __init__(self, config: Config) -> None:
        self.folder = Path(config["UPLOAD_FOLDER"])

    def put(self, name: str, content: bytes, content_type: str) -> None:
        path = self._path(name)
        part = path.with_name(f"{name}.{secrets.token_hex(4)}.part")
        with _unavailable_on_error():
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.replace(path)

    def open(self, name: str) -> StoredFile | None:
        path = self._path(name)
        with _unavailable_on_error():
            try:
                content = path.open("rb")
            except FileNotFoundError:
                return None
            status = os.fstat(content.fileno())
        return StoredFile(content, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))

    def has(self, name: str) -> bool:
        return self._path(name).is_file()

    def remove(self, name: str) -> None:
        with _unavailable_on_error():
            self._path(name).unlink(missing_ok=True)

    def names(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        for path in self.folder.glob(f"{prefix}*/*"):
            with suppress(FileNotFoundError):  # removed meanwhile
                yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def _path(self, name: str) -> Path:
        return self.folder / key_of(name)


@contextmanager
def _unavailable_on_error() -> Iterator[None]:
    """Turn errors of the disk (full, unmounted) into `StoreUnavailable`."""
    try:
        yield
    except OSError as error:
        log.warning("the folder of files does not answer: %s", error)
        raise StoreUnavailable from error
