"""Where files lie: in a folder of this machine, or in a store elsewhere that speaks S3. Both have the same layout."""

import importlib
import logging
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from flask import Flask, current_app

from madang.config import ConfigError

from .errors import Unavailable
from .i18n import _

log = logging.getLogger("madang.files")


class StoreAway(Unavailable):
    """The store cannot be read or written at present; its cause says why."""

    def __init__(self) -> None:
        super().__init__(_("Pictures cannot be kept or shown at present. Please try again in a few minutes."))


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it is read; whoever reads it closes `content`."""

    content: IO[bytes]
    byte_count: int
    changed_at: datetime


class Store(Protocol):
    """Keeps files by name. Everything raises `StoreAway` where it does not answer."""

    def put(self, name: str, content: bytes, content_type: str) -> None:
        """Keep a file, whole or not at all: two may write the same one at once, and a third may read it."""

    def open(self, name: str) -> StoredFile | None:
        """The file of that name; None where there is none."""

    def has(self, name: str) -> bool: ...

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""

    def names(self, beginning: str) -> Iterator[tuple[str, datetime]]:
        """The names that begin with these letters, at most two, and since when each file is there."""


def init_app(app: Flask) -> None:
    app.extensions["store"] = make_store(app.config)


def store() -> Store:
    """The store of this application."""
    return current_app.extensions["store"]


def make_store(config: Mapping[str, Any]) -> Store:
    """The store that the settings name. Raises `ConfigError` where its library is missing."""
    if config["FILE_STORE"] == "folder":
        return FolderStore(Path(config["UPLOAD_FOLDER"]))
    try:  # loaded for those who use it: it takes a third of a second, and is no part of a plain installation
        make: Callable[[Mapping[str, Any]], Store] = importlib.import_module("madang.core.s3_store").S3Store
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("boto3", "botocore"):
            raise
        raise ConfigError("MADANG_FILE_STORE=s3 needs a package; bring it with: pip install boto3") from None
    return make(config)


def prove(kept_in: Store) -> None:
    """Write, read and remove a file, to see that all three can be done. Raises `StoreAway`."""
    name = f"check-{secrets.token_hex(8)}"
    kept_in.put(name, b"check", "text/plain")
    found = kept_in.open(name)
    if found is None:
        raise StoreAway
    found.content.close()
    kept_in.remove(name)


def key_of(name: str) -> str:
    """Where a file lies in its store; the first two letters spread the files over folders."""
    return f"{name[:2]}/{name}"


class FolderStore:
    """Files in a folder of this machine, or in one that several machines see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

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
