"""Users.xml: the accounts, with what their profiles show."""

from collections.abc import Iterator

from sqlalchemy import select

from madang.accounts.models import User

from .folder import Values
from .source import Source
from .texts import html

PEOPLE = select(
    User.id,
    User.username,
    User.display_name,
    User.reputation,
    User.created_at,
    User.website,
    User.location,
    User.bio_html,
).where(User.is_account())


def user_rows(source: Source) -> Iterator[Values]:
    for rows in source.batches(PEOPLE, User.id):
        for row in rows:
            yield {
                "Id": row.id,
                "Reputation": row.reputation,
                "CreationDate": row.created_at,
                "DisplayName": row.display_name or row.username,
                "WebsiteUrl": row.website or None,
                "Location": row.location or None,
                "AboutMe": html(row.bio_html) or None,
            }
