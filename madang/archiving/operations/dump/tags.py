"""Tags.xml, and the posts that describe the tags."""

from collections.abc import Iterator
from html import escape

from sqlalchemy import Integer, Row, cast, func, select

from madang.boards.models import Board
from madang.tags.models import Tag, TagBoard

from ...queries.public import IS_PUBLIC_BOARD
from .folder import Values
from .source import Source
from .texts import html

FIRST_TEXT_ID = 1_000_000_000  # beyond the ids of posts, and the same in each dump of a site
EXCERPT, DESCRIPTION = 4, 5  # types of posts
# A dump reads one snapshot, so what is public is asked within its statements.
_ON_PUBLIC_BOARDS = (
    select(func.coalesce(func.sum(TagBoard.post_count), 0))
    .join(Board, Board.id == TagBoard.board_id)
    .where(TagBoard.tag_id == Tag.id, IS_PUBLIC_BOARD)
    .scalar_subquery()
)
_TAGS = select(
    Tag.id,
    Tag.name,
    Tag.excerpt,
    Tag.description,
    Tag.description_html,
    cast(_ON_PUBLIC_BOARDS, Integer).label("post_count"),
    Tag.created_at,
).where((Tag.post_count == 0) | (_ON_PUBLIC_BOARDS > 0))
_IS_DESCRIBED = (Tag.excerpt != "") | (Tag.description != "")
TAGS = _TAGS.where((_ON_PUBLIC_BOARDS > 0) | _IS_DESCRIBED)  # others may be known from deleted posts alone
TAG_TEXTS = _TAGS.where(_IS_DESCRIBED)


def tag_rows(source: Source) -> Iterator[Values]:
    for rows in source.batches(TAGS, Tag.id):
        for row in rows:
            yield {
                "Id": row.id,
                "TagName": row.name,
                "Count": row.post_count,
                "ExcerptPostId": excerpt_id(row) if row.excerpt else None,
                "WikiPostId": description_id(row) if row.description else None,
            }


def excerpt_id(tag: Row) -> int:
    return FIRST_TEXT_ID + 2 * tag.id


def description_id(tag: Row) -> int:
    return FIRST_TEXT_ID + 2 * tag.id + 1


def tag_text_rows(source: Source) -> Iterator[Values]:
    """The rows of Posts.xml for the excerpts and descriptions of tags."""
    for rows in source.batches(TAG_TEXTS, Tag.id):
        for row in rows:
            if row.excerpt:
                yield tag_text(row, excerpt_id(row), EXCERPT, f"<p>{escape(row.excerpt)}</p>")
            if row.description:
                yield tag_text(row, description_id(row), DESCRIPTION, html(row.description_html))


def tag_text(tag: Row, number: int, kind: int, body: str) -> Values:
    return {
        "Id": number,
        "PostTypeId": kind,
        "CreationDate": tag.created_at,
        "Score": 0,
        "Body": body,
        "LastActivityDate": tag.created_at,
        "CommentCount": 0,
    }
