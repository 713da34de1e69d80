"""File storage: the interface of a store, and the backends by the value of MADANG_FILE_STORE that names them.

A backend is a module `<value>` beside this one, which registers its class; all lay files out alike.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import IO, Any, Protocol, TypeVar

from flask import Flask, current_app

from madang.config import ConfigError
from madang.core.errors import Unavailable
from madang.core.i18n import _

# What a backend needs beyond a plain installation: the package to install, and its dependencies.
OPTIONAL_PACKAGES = {"s3": ("boto3", "botocore")}
Config = Mapping[str, Any]


class StoreUnavailable(Unavailable):
    """The store cannot be read or written at present; the cause is chained."""

    def __init__(self) -> None:
        super().__init__(_("Pictures cannot be saved or shown right now. Please try again in a few minutes."))


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An open file; the reader closes `content`."""

    content: IO[bytes]
    byte_count: int
    changed_at: datetime


class Store(Protocol):
    """Stores files by name. Every method raises `StoreUnavailable` if the store does not answer."""

    def put(self, name: str, content: bytes, content_type: str) -> None:
        """Write a file atomically: others may write or read the same one at the same time."""

    def open(self, name: str) -> StoredFile | None:
        """Open the file of that name; None if there is none."""

    def has(self, name: str) -> bool: ...

    def remove(self, name: str) -> None:
        """Delete a file if it exists."""

    def names(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """The names that begin with `prefix` (at most two letters), and when each file was written."""


Backend = Callable[[Config], Store]
BackendType = TypeVar("BackendType", bound=Backend)
backends: dict[str, Backend] = {}


def init_app(app: Flask) -> None:
    """Open the store that the settings of `app` name."""
    app.extensions["store"] = make_store(app.config)


def store() -> Store:
    """The store of the current application."""
    return current_app.extensions["store"]


def backend(name: str) -> Callable[[BackendType], BackendType]:
    """Register a class, which is called with the settings, as the store of `MADANG_FILE_STORE=name`."""

    def register(factory: BackendType) -> BackendType:
        backends[name] = factory
        return factory

    return register


def make_store(config: Config) -> Store:
    """The store that the settings name. Raises `ConfigError` if its library is missing."""
    name = config["FILE_STORE"]
    if name not in backends:
        _load(name)
    return backends[name](config)


def _load(name: str) -> None:
    """Import a backend, which registers it. Only the one in use: another may need a package that is not installed."""
    try:
        import_module(f"madang.core.storage.{name}")
    except ModuleNotFoundError as error:
        package, *dependencies = OPTIONAL_PACKAGES.get(name, ("",))
        if not package or (error.name or "").partition(".")[0] not in (package, *dependencies):
            raise
        raise ConfigError(f"MADANG_FILE_STORE={name} needs a package; bring it with: pip install {package}") from None


def check_store(checked: Store) -> None:
    """Write, read and delete a file to check that the store works. Raises `StoreUnavailable`."""
    name = f"check-{secrets.token_hex(8)}"
    checked.put(name, b"check", "text/plain")
    file = checked.open(name)
    if file is None:
        raise StoreUnavailable
    file.content.close()
    checked.remove(name)


def key_of(name: str) -> str:
    """The key of a file in its store: a folder for each first two letters."""
    return f"{name[:2]}/{name}"
