"""The archive of a person's data: a ZIP of JSON lists and uploaded files."""

import json
from collections.abc import Iterable
from datetime import date, time
from zipfile import ZipFile

from sqlalchemy import Row, Select

from madang.core.db import db
from madang.core.queue import check_cancelled
from madang.core.storage.pictures import read_stored_file

FETCH_SIZE = 500


class Archive:
    """A ZIP file that entries are added to."""

    def __init__(self, zip_file: ZipFile) -> None:
        self._zip = zip_file

    def add_rows(self, name: str, rows: Select) -> None:
        """Add the entry `name`: a JSON list with one object per selected row, keyed by column name."""
        check_cancelled()
        result = db.session.execute(rows, execution_options={"yield_per": FETCH_SIZE})
        with self._zip.open(name, "w") as file:
            file.writelines(_json_list(result))

    def add_picture(self, name: str) -> None:
        """Add the stored picture of that name as `files/<name>`, if it still exists."""
        if content := read_stored_file(name):
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
