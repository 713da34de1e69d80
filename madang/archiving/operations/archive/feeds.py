"""Atom feeds of an archive (RFC 4287). Entries keep the ids that they had in the site's feeds."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Row

from .paths import root_from
from .session import ArchiveSession

FEED_SIZE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_BODIES: Mapping[int, str] = {}


def write_feed(
    session: ArchiveSession,
    path: str,
    title: str,
    rows: Sequence[Row],
    page: str,
    bodies: Mapping[int, str] = NO_BODIES,
) -> None:
    """Write a feed of the newest posts of a list, whose first page is `page`; with their texts, else excerpts."""
    root = root_from(path)
    session.know_posts(list(bodies.values()))
    texts = {post_id: session.text(html, root) for post_id, html in bodies.items()}
    updated = max((row.edited_at or row.created_at for row in rows), default=EPOCH)
    session.write_page(
        path,
        "feed.xml",
        title=title,
        rows=rows,
        texts=texts,
        page=page,
        updated=updated,
        feed_id=identifier(session, page),
        entry_id=lambda row: identifier(session, f"posts/{row.id}"),
    )


def identifier(session: ArchiveSession, path: str) -> str:
    """The lasting id of a feed or an entry: an address of the site, or a UUID where it has none."""
    return f"{session.links.site_url}/{path}" if session.links.site_url else uuid5(NAMESPACE_URL, path).urn
