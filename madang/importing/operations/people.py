"""Import of the users of a dump as accounts without a password."""

import re

from madang.accounts.models import BIO_MAX, DISPLAY_NAME_MAX, LOCATION_MAX, WEBSITE_MAX, User, name_columns
from madang.accounts.operations.checks import is_kept_name, site_name_keys
from madang.accounts.policies.look_alikes import skeleton
from madang.core.markdown.renderer import render
from madang.search.operations.indexing import index_people

from .conversion import html_to_markdown, single_line
from .rows import Row
from .session import ImportSession
from .source import Columns, insert_rows
from .usernames import choose_usernames

SCHEME = re.compile(r"https?://(?=\S)", re.IGNORECASE)


def import_people(run: ImportSession) -> None:
    """Import Users.xml, including the community user with the id -1."""
    if file := run.file("Users.xml"):
        for batch in file.batches():
            run.write_new("user", batch, lambda rows: _write(run, rows))


def _write(run: ImportSession, rows: list[Row]) -> None:
    people = list(run.convert_rows(rows, _columns))
    names = choose_usernames([(columns["display_name"], row.id) for row, columns in people])
    kept = site_name_keys()
    for name, (_row, columns) in zip(names, people, strict=True):
        shown = columns["display_name"]
        shown = name if not shown or is_kept_name(shown, username=name, kept=kept) else shown
        columns |= name_columns(name, shown) | {"username_key": skeleton(name)}
    ids = insert_rows(User, [columns for _row, columns in people])
    run.source.record("user", zip((row.id for row, _columns in people), ids, strict=True))
    run.summary.new["user"] += len(ids)
    index_people(ids)


def _columns(row: Row) -> Columns:
    bio = html_to_markdown(row.text("AboutMe"), BIO_MAX) if row.text("AboutMe") else ""
    reputation = row.count("Reputation") or 0
    return {
        "display_name": single_line(row.text("DisplayName"), DISPLAY_NAME_MAX),
        "bio": bio,
        "bio_html": render(bio) if bio else "",
        "website": _website(row.text("WebsiteUrl")),
        "location": single_line(row.text("Location"), LOCATION_MAX),
        "reputation": reputation,
        "imported_reputation": reputation,
        "created_at": row.required_moment("CreationDate"),
        "last_seen_at": row.moment("LastAccessDate"),
    }


def _website(value: str) -> str:
    """The address if it is a web address, else an empty string: another scheme could run a script when clicked."""
    address = SCHEME.sub(lambda found: found[0].lower(), single_line(value, WEBSITE_MAX + 1))
    return address if SCHEME.match(address) and len(address) <= WEBSITE_MAX else ""
