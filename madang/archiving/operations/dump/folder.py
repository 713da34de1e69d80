"""The folder of a dump. Its files are moved into it at the end, `Posts.xml` last: without it no folder is a dump."""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from madang.core.errors import Conflict
from madang.core.i18n import _
from madang.core.text import NOT_XML

UNFINISHED = "unfinished-dump"
FILES = ("Users", "Tags", "Comments", "Votes", "PostHistory", "PostLinks", "Badges", "Posts")
BYTE_ORDER_MARK = "\ufeff"  # every file of an official dump has one
IN_ATTRIBUTES = {'"': "&quot;", "\n": "&#xA;", "\r": "&#xD;", "\t": "&#x9;"}
Values = Mapping[str, object]  # the attributes of a row; those that are None are left out


def open_folder(folder: Path) -> Path:
    """Make the folder for unfinished files in `folder`, and return it; what a stopped dump left there is removed.

    Raises `Conflict` if `folder` holds anything else.
    """
    unfinished = folder / UNFINISHED
    present = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if present and not (unfinished.is_dir() and present <= {UNFINISHED, *map(file_name, FILES)}):
        raise Conflict(_("The folder %(folder)s is not empty. Please name a new one.", folder=folder))
    unfinished.mkdir(parents=True, exist_ok=True)
    for path in (*folder.glob("*.xml"), *unfinished.iterdir()):
        path.unlink()
    return unfinished


def close_folder(folder: Path) -> None:
    """Move the finished files to their places."""
    unfinished = folder / UNFINISHED
    for name in FILES:
        (unfinished / file_name(name)).replace(folder / file_name(name))
    unfinished.rmdir()


def file_name(name: str) -> str:
    return f"{name}.xml"


def write_file(folder: Path, name: str, rows: Iterable[Values]) -> int:
    """Write a file with an element for each row, on lines of their own; returns how many."""
    root, count = name.lower(), 0
    with (folder / file_name(name)).open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{BYTE_ORDER_MARK}<?xml version="1.0" encoding="utf-8"?>\n<{root}>\n')
        for row in rows:
            file.write(element(row))
            count += 1
        file.write(f"</{root}>\n")
        file.flush()
        os.fsync(file.fileno())
    return count


def element(row: Values) -> str:
    """The XML of a row. Characters that XML forbids are left out."""
    attributes = (f' {name}="{attribute(value)}"' for name, value in row.items() if value is not None)
    return f"  <row{''.join(attributes)} />\n"


def attribute(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return escape(NOT_XML.sub("", str(value)), IN_ATTRIBUTES)
