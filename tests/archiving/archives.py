"""Archives of a site that tests write, stop and read."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

from flask import Flask
from PIL import Image

from madang.archiving.operations.archive import writing
from madang.archiving.operations.archive.folder import STATE
from madang.core.clock import now

from ..people import Person

SECRET = "xylophone"


class Archive:
    """A written archive."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str) -> str:
        return (self.path / name).read_text("utf-8")

    def files(self) -> dict[str, bytes]:
        return {str(path.relative_to(self.path)): path.read_bytes() for path in self.path.rglob("*") if path.is_file()}

    def content(self) -> dict[str, bytes]:
        """The files, but for how far the archive has got."""
        return {name: data for name, data in self.files().items() if name != STATE}

    def with_text(self, text: str) -> list[str]:
        """The names of the files that have a text."""
        return [name for name, data in self.files().items() if text.encode() in data]

    def pages(self) -> Iterator[Path]:
        return self.path.rglob("*.html")


class Killed(BaseException):
    """A stop of the command that nothing catches."""


def write(app: Flask, path: Path, moment: datetime | None = None, **options: object) -> Archive:
    with app.app_context():
        writing.write_archive(path, app.jinja_env, now=moment or now(), **options)
    return Archive(path)


def stop_after(stage: str, path: Path) -> Callable[[int, int], None]:
    """What stops an archive in `path` when a stage is written."""

    def stop(_done: int, _total: int) -> None:
        if json.loads((path / STATE).read_text("utf-8"))["stage"] == stage:
            raise Killed

    return stop


def upload(person: Person, colour: str) -> str:
    """Upload a picture; returns its address."""
    picture = BytesIO()
    Image.new("RGB", (40, 30), colour).save(picture, "PNG")
    picture.seek(0)
    return person.post("/files", file=(picture, "tree.png")).json["url"]
