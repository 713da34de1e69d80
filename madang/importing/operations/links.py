"""Import of the links and duplicates between the posts of a dump."""

from sqlalchemy import insert, select

from madang.core.db import db
from madang.posts.models import PostLink

from .posts import local_posts
from .rows import Row
from .session import ImportSession

KINDS = {1: "link", 3: "duplicate"}
Key = tuple[int, int, str]


def import_links(run: ImportSession) -> None:
    """Import PostLinks.xml without the links to deleted posts."""
    file = run.file("PostLinks.xml")
    for batch in file.batches() if file else ():
        run.write_new("link", batch, lambda rows: _write(run, rows))


def _write(run: ImportSession, rows: list[Row]) -> None:
    converted = list(run.convert_rows(rows, _ends))
    here = local_posts(run, {end for _row, (post, related, _kind) in converted for end in (post, related)})
    links: dict[Key, Row] = {}
    for row, (post, related, kind) in converted:
        if post in here and related in here and post != related and kind in KINDS:
            links.setdefault((here[post][0], here[related][0], KINDS[kind]), row)
    run.summary.skipped["link"] += len(converted) - len(links)
    _insert(run, links)


def _ends(row: Row) -> tuple[str, str, int]:
    row.required_moment("CreationDate")
    post, related = row.required_number("PostId"), row.required_number("RelatedPostId")
    return str(post), str(related), row.required_number("LinkTypeId")


def _insert(run: ImportSession, links: dict[Key, Row]) -> None:
    present = _present({post_id for post_id, _related, _kind in links})
    columns = [
        {"post_id": post_id, "related_post_id": related_id, "kind": kind, "created_at": row.moment("CreationDate")}
        for (post_id, related_id, kind), row in links.items()
        if (post_id, related_id, kind) not in present
    ]
    if columns:
        db.session.execute(insert(PostLink), columns)
    run.source.record("link", ((row.id, post_id) for (post_id, _related, _kind), row in links.items()))
    run.summary.new["link"] += len(columns)


def _present(post_ids: set[int]) -> set[Key]:
    """The links of these posts that exist already."""
    here = select(PostLink.post_id, PostLink.related_post_id, PostLink.kind).where(PostLink.post_id.in_(post_ids))
    return {(post_id, related_id, kind) for post_id, related_id, kind in db.session.execute(here)}
