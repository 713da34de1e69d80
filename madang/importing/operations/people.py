"""People of a dump become accounts without a password."""

from typing import Any

from madang.accounts.models import BIO_MAX, DISPLAY_NAME_MAX, LOCATION_MAX, WEBSITE_MAX, User, name_columns
from madang.accounts.policies.usernames import skeleton
from madang.core.markdown.renderer import render
from madang.search.operations.indexing import index_people

from .rows import Row
from .session import ImportSession
from .source import insert_rows
from .text import line, markdown_of
from .usernames import usernames_for


def import_people(run: ImportSession) -> None:
    """Users.xml, with the one of number -1, who acts for the site."""
    if file := run.file("Users.xml"):
        for batch in file.batches():
            run.write_new("user", batch, lambda rows: _write(run, rows))


def _write(run: ImportSession, rows: list[Row]) -> None:
    people = list(run.sound(rows, _columns))
    names = usernames_for([(columns["display_name"], row.id) for row, columns in people])
    for name, (_row, columns) in zip(names, people, strict=True):
        columns |= name_columns(name, columns["display_name"] or name) | {"username_key": skeleton(name)}
    ids = insert_rows(User, [columns for _row, columns in people])
    run.source.record("user", zip((row.id for row, _columns in people), ids, strict=True))
    run.summary.new["user"] += len(ids)
    index_people(ids)


def _columns(row: Row) -> dict[str, Any]:
    bio = markdown_of(row.text("AboutMe"))[:BIO_MAX] if row.text("AboutMe") else ""
    reputation = row.number("Reputation") or 0
    return {
        "display_name": line(row.text("DisplayName"), DISPLAY_NAME_MAX),
        "bio": bio,
        "bio_html": render(bio) if bio else "",
        "website": _website(row.text("WebsiteUrl")),
        "location": line(row.text("Location"), LOCATION_MAX),
        "reputation": reputation,
        "imported_reputation": reputation,
        "created_at": row.required_moment("CreationDate"),
        "last_seen_at": row.moment("LastAccessDate"),
    }


def _website(written: str) -> str:
    """An address of the web; anything else could run as a script where it is clicked."""
    address = line(written, WEBSITE_MAX + 1)
    return address if address.startswith(("http://", "https://")) and len(address) <= WEBSITE_MAX else ""
