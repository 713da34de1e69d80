"""Where files lie: the interface of a store, and the backends by the value of MADANG_FILE_STORE that names them.

A backend is a module `<value>_store` beside this one, which registers its class; all have the same layout.
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

# What a backend needs beyond a plain installation: the package to install, and what it brings along.
OPTIONAL_PACKAGES = {"s3": ("boto3", "botocore")}


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


Backend = Callable[[Mapping[str, Any]], Store]
B = TypeVar("B", bound=Backend)
backends: dict[str, Backend] = {}


def init_app(app: Flask) -> None:
    app.extensions["store"] = make_store(app.config)


def store() -> Store:
    """The store of this application."""
    return current_app.extensions["store"]


def backend(name: str) -> Callable[[B], B]:
    """Register a class as the store that `MADANG_FILE_STORE=name` asks for. It is made with the settings."""

    def register(make: B) -> B:
        backends[name] = make
        return make

    return register


def make_store(config: Mapping[str, Any]) -> Store:
    """The store that the settings name. Raises `ConfigError` where its library is missing."""
    name = config["FILE_STORE"]
    if name not in backends:
        _load(name)
    return backends[name](config)


def _load(name: str) -> None:
    """Import a backend, which registers it. Only the one in use: another may need a package that is not installed."""
    try:
        import_module(f"madang.core.storage.{name}")
    except ModuleNotFoundError as error:
        package, *brought = OPTIONAL_PACKAGES.get(name, ("",))
        if not package or (error.name or "").partition(".")[0] not in (package, *brought):
            raise
        raise ConfigError(f"MADANG_FILE_STORE={name} needs a package; bring it with: pip install {package}") from None


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
