"""PostHistory.xml: the Markdown of every version of a text, and when questions were closed and posts locked."""

import json
from collections.abc import Iterable, Iterator
from itertools import count
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import BindParameter, Row, bindparam, null, select

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR_COLUMNS
from madang.posts.models import Post, PostLink, Revision
from madang.tags.models import Tag

from ...queries.public import IS_OF_QUESTION, public_posts
from .folder import Values
from .source import Source
from .tags import TAG_TEXTS, description_id
from .texts import author, markdown, tag_list

TITLE, BODY, TAGS, CLOSED, LOCKED = 1, 2, 3, 10, 14
EDITED = 3  # is added to the type of the first title, body or tags
CODE_OF_CLOSE_REASON = {
    "duplicate": "101", "off_topic": "102", "unclear": "103", "opinion": "105", "solved_elsewhere": "10",
}  # fmt: skip
WRITTEN_POSTS = public_posts(
    Post.id,
    Post.kind,
    Post.author_id,
    Post.author_name,
    Post.title,
    Post.body,
    Post.tag_names,
    Post.created_at,
    Post.closed_at,
    Post.close_reason,
    Post.locked_at,
).where(IS_OF_QUESTION)
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
REVISIONS = (
    select(
        Revision.post_id,
        Revision.number,
        Revision.author_id,
        null().label("author_name"),
        Revision.title,
        Revision.body,
        Revision.tag_names,
        Revision.summary,
        Revision.created_at,
        *AUTHOR_COLUMNS,
    )
    .outerjoin(User, User.id == Revision.author_id)
    .where(Revision.post_id.in_(_IDS))
    .order_by(Revision.post_id, Revision.number)
)
ORIGINALS = (
    select(PostLink.post_id, PostLink.related_post_id)
    .where(PostLink.post_id.in_(_IDS), PostLink.kind == "duplicate")
    .order_by(PostLink.post_id, PostLink.related_post_id)
)


def history_rows(source: Source) -> Iterator[Values]:
    numbers = count(1)
    for row in changes(source):
        yield {"Id": next(numbers), **row}


def changes(source: Source) -> Iterator[Values]:
    for posts in source.batches(WRITTEN_POSTS, Post.id):
        ids = {"ids": [post.id for post in posts]}
        revisions = by_post(source.rows(REVISIONS, ids))
        originals = by_post(source.rows(ORIGINALS, ids))
        for post in posts:
            yield from texts(post, revisions.get(post.id, []))
            yield from marks(post, originals.get(post.id, []))
    for tags in source.batches(TAG_TEXTS.where(Tag.description != ""), Tag.id):
        for tag in tags:
            number = description_id(tag)
            yield {**change(number, BODY, number, tag.created_at), "Text": markdown(tag.description)}


def by_post(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.post_id, []).append(row)
    return found


def texts(post: Row, revisions: list[Row]) -> Iterator[Values]:
    """What each version of a post changed; the text of the last one is that of the post itself."""
    before: dict[int, str | None] = {}
    for revision in revisions or [post]:
        source = post if revision is (revisions or [post])[-1] else revision
        words = {BODY: markdown(source.body)}
        if post.kind == "question":
            words |= {TITLE: source.title, TAGS: tag_list(source.tag_names) or ""}
        changed = {kind: text for kind, text in words.items() if before.get(kind) != text} or {BODY: words[BODY]}
        number = getattr(revision, "number", 1)
        for kind, text in changed.items():
            yield {
                **change(post.id, kind + EDITED if before else kind, f"{post.id}/{number}", revision.created_at),
                **author(revision, "UserId", "UserDisplayName"),
                "Comment": getattr(revision, "summary", "") or None,
                "Text": text,
            }
        before = dict(words)


def marks(post: Row, originals: list[Row]) -> Iterator[Values]:
    """When a post was closed and locked; what it was closed as a duplicate of."""
    if post.closed_at:
        ids = [row.related_post_id for row in originals]
        yield {
            **change(post.id, CLOSED, f"{post.id}/closed", post.closed_at),
            "Comment": CODE_OF_CLOSE_REASON.get(post.close_reason),
            "Text": json.dumps({"OriginalQuestionIds": ids}) if ids else None,
        }
    if post.locked_at:
        yield change(post.id, LOCKED, f"{post.id}/locked", post.locked_at)


def change(post_id: int, kind: int, action: object, moment: object) -> Values:
    """The attributes of each row; `action` names what was changed at once, the same in each dump."""
    guid = uuid5(NAMESPACE_URL, f"madang:{action}")
    return {"PostHistoryTypeId": kind, "PostId": post_id, "RevisionGUID": guid, "CreationDate": moment}
