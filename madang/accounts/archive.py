"""The archive of all that the site keeps of a person: a ZIP of JSON lists and of the files that they sent."""

import json
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Row, Select

from madang.core.db import db
from madang.core.files import path_of

ARCHIVES_KEPT = timedelta(days=7)
ROWS_AT_ONCE = 500
_MOMENT = "%Y%m%dT%H%M%S"


class Archive:
    """A ZIP that is being filled."""

    def __init__(self, zip_file: ZipFile) -> None:
        self._zip = zip_file

    def add_rows(self, name: str, rows: Select) -> None:
        """Add `name`, a JSON list of what `rows` selects: one object for a row, its columns by name."""
        found = db.session.execute(rows, execution_options={"yield_per": ROWS_AT_ONCE})
        with self._zip.open(name, "w") as file:
            file.writelines(_json_list(found))

    def add_picture(self, name: str) -> None:
        """Add a picture that is kept under that name, if it is still there."""
        if (path := path_of(name)).is_file():
            self._zip.write(path, f"files/{name}")


def _json_list(rows: Iterable[Row]) -> Iterable[bytes]:
    yield b"["
    separator = "\n"
    for row in rows:
        text = json.dumps(row._asdict(), ensure_ascii=False, default=datetime.isoformat)
        yield f"{separator}{text}".encode()
        separator = ",\n"
    yield b"\n]\n"


def new_archive(folder: Path, now: datetime) -> tuple[Path, ZipFile]:
    """A new ZIP in `folder` under a name that nobody can guess and that tells its age."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:{_MOMENT}}-{secrets.token_hex(16)}.zip"
    return path, ZipFile(path, "w", ZIP_DEFLATED)


def purge_archives(folder: Path, now: datetime) -> None:
    """Remove the archives that are older than a week, also those that a killed worker left half made."""
    oldest = f"{now - ARCHIVES_KEPT:{_MOMENT}}"
    for path in folder.glob("*.zip"):
        if path.name < oldest:
            path.unlink(missing_ok=True)
