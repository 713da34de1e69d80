"""The archive of all that the site keeps of a person: a ZIP of JSON lists and of the files that they sent."""

import json
from collections.abc import Iterable
from datetime import date, time
from zipfile import ZipFile

from sqlalchemy import Row, Select

from madang.core.db import db
from madang.core.queue import check_cancelled
from madang.core.storage.pictures import read

ROWS_AT_ONCE = 500


class Archive:
    """A ZIP that is being filled."""

    def __init__(self, zip_file: ZipFile) -> None:
        self._zip = zip_file

    def add_rows(self, name: str, rows: Select) -> None:
        """Add `name`, a JSON list of what `rows` selects: one object for a row, its columns by name."""
        check_cancelled()
        found = db.session.execute(rows, execution_options={"yield_per": ROWS_AT_ONCE})
        with self._zip.open(name, "w") as file:
            file.writelines(_json_list(found))

    def add_picture(self, name: str) -> None:
        """Add a picture that is kept under that name, if it is still there."""
        if content := read(name):
            self._zip.writestr(f"files/{name}", content)


def _iso(value: date | time) -> str:
    return value.isoformat()


def _json_list(rows: Iterable[Row]) -> Iterable[bytes]:
    yield b"["
    separator = "\n"
    for row in rows:
        text = json.dumps(row._asdict(), ensure_ascii=False, default=_iso)
        yield f"{separator}{text}".encode()
        separator = ",\n"
    yield b"\n]\n"
