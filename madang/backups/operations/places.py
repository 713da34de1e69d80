"""Where backups are kept: a folder of this machine, or a prefix in the bucket of an S3 store."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Protocol

from madang.core.errors import InvalidInput
from madang.core.i18n import _

S3 = "s3://"
PART = ".part"  # ends the name of a file that is being written
S3_PACKAGES = ("boto3", "botocore")


class Place(Protocol):
    """Keeps backups by name."""

    scratch: Path  # a folder for temporary files as large as a backup

    def writing(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """A file to write to from its beginning to its end. It has its name only once the block ends without error."""

    def reading(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """The file of that name, which can be read at any position. Raises `InvalidInput` if there is none."""

    def names(self) -> list[str]:
        """The names of all files of the place, in any order."""

    def remove(self, name: str) -> None: ...

    def address(self, name: str) -> str:
        """Where a file is, as a person writes it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place, and a file in it; without a name the place as a whole."""

    place: Place
    name: str = ""

    @property
    def address(self) -> str:
        return self.place.address(self.name)


def target_of(text: str | Path, scratch: Path) -> Target:
    """The target of a command: `s3://bucket/prefix/`, `s3://bucket/file.zip`, a folder, or a file.

    A folder exists or ends with a slash. Files of an S3 store are downloaded to `scratch`. Raises `InvalidInput`.
    """
    text = str(text)
    if text.startswith(S3):
        bucket, _slash, key = text.removeprefix(S3).partition("/")
        if not bucket:
            raise InvalidInput(_("Write the place of backups as s3://bucket/prefix/."))
        prefix, slash, name = key.rpartition("/")
        return Target(_s3_place(bucket, prefix + slash, scratch), name)
    path = Path(text)
    if text.endswith(("/", os.sep)) or path.is_dir():
        return Target(FolderPlace(path))
    return Target(FolderPlace(path.parent), path.name)


def _s3_place(bucket: str, prefix: str, scratch: Path) -> Place:
    """Import what needs boto3, which is not part of a plain installation."""
    try:
        return import_module("madang.backups.operations.s3_place").S3Place(bucket, prefix, scratch)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in S3_PACKAGES:
            raise
        raise InvalidInput(
            _("Backups in an S3 store need a package; bring it with: %(command)s", command="pip install boto3")
        ) from None


class FolderPlace:
    """A folder, which is created when a backup is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = self.scratch = folder

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """Written beside its place, synced, then moved there: an existing file stays until then."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path, part = self.folder / name, self.folder / f"{name}{PART}"
        try:
            with part.open("wb") as file:
                part.chmod(0o600)
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    @contextmanager
    def reading(self, name: str) -> Iterator[IO[bytes]]:
        path = self.folder / name
        if not path.is_file():
            raise InvalidInput(_("There is no file %(path)s.", path=path))
        with path.open("rb") as file:
            yield file

    def names(self) -> list[str]:
        return [path.name for path in self.folder.iterdir() if path.is_file()] if self.folder.is_dir() else []

    def remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)

    def address(self, name: str) -> str:
        return str(self.folder / name) if name else f"{self.folder}{os.sep}"
