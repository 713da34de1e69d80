"""Lists of posts that go on after a key, for programs: every page costs the same, however far back it lies."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Row, Select, bindparam, select

from madang.accounts.models import User
from madang.boards.models import Board
from madang.core.db import db
from madang.tags.models import PostTag

from ..models import KIND_ON_BOARD, VISIBLE, Post
from .listing import MAX_PINNED, ROW
from .posts import Question

KEYSET_ORDERS = ("newest", "active", "votes", "unanswered")
KINDS = tuple(KIND_ON_BOARD.values())
_SORT_COLUMNS: dict[str, Any] = {
    "newest": Post.created_at,
    "active": Post.last_activity_at,
    "votes": Post.score,
    "unanswered": Post.created_at,
}
_API_COLUMNS = (
    *ROW,
    Board.slug.label("board_slug"),
    Post.board_id,
    Post.parent_id,
    Post.version,
    Post.close_reason,
    Post.edited_at,
    Post.last_activity_at,
    (Post.state != VISIBLE).label("is_deleted"),
)

_ROWS = select(*_API_COLUMNS).join(Board, Board.id == Post.board_id).outerjoin(User, User.id == Post.author_id)


@dataclass(frozen=True, slots=True)
class KeysetOrder:
    """Which posts, in which order. An author's or a tag's are sorted by newest alone."""

    kind: str | None = None
    board_id: int | None = None
    author_id: int | None = None
    tag_id: int | None = None
    sort: str = "newest"

    def key(self, row: Row) -> tuple[Any, int]:
        """What a row is sorted by."""
        return getattr(row, _SORT_COLUMNS[self.sort].key), row.id


def rows_after(order: KeysetOrder, after: tuple[datetime | int, int] | None, limit: int) -> list[Row]:
    """The next `limit` posts of `order` after a row's key."""
    shape = (order.kind, order.board_id is not None, order.author_id is not None, order.tag_id is not None, order.sort)
    values = {"size": limit, "board": order.board_id, "author": order.author_id, "tag": order.tag_id}
    place, last_id = after or (None, None)
    statement = _statement(*shape, after is not None)
    return list(db.rows(statement, {**values, "place": place, "last_id": last_id}))


def answers_by(author_id: int, after: tuple[datetime, int] | None, limit: int) -> list[Row]:
    """The next answers that somebody gave to questions which are still there, the newest first."""
    own = (Post.author_id == author_id) & (Post.kind == "answer") & (Post.state == VISIBLE)
    ids = select(Post.id).join(Question, Question.id == Post.parent_id).where(own, Question.state == VISIBLE)
    if after is not None:
        created_at, last_id = after
        ids = ids.where(Post.created_at <= created_at, (Post.created_at < created_at) | (Post.id < last_id))
    page = ids.order_by(Post.created_at.desc(), Post.id.desc()).limit(limit).cte("page")
    rows = _ROWS.join(page, page.c.id == Post.id)
    return list(db.rows(rows.order_by(Post.created_at.desc(), Post.id.desc())))


def pinned_posts(board_id: int) -> list[Row]:
    """The posts that moderators keep at the top of a board."""
    pinned = _ROWS.where(Post.board_id == board_id, Post.pinned_at.is_not(None), Post.state == VISIBLE)
    return list(db.rows(pinned.order_by(Post.pinned_at.desc(), Post.id.desc()).limit(MAX_PINNED)))


@lru_cache(maxsize=512)
def _statement(kind: str | None, on_board: bool, by_author: bool, with_tag: bool, sort: str, has_key: bool) -> Select:
    """The query of a page, built once for each shape."""
    kinds = (kind,) if kind else KINDS
    parts = [_kind_statement(one, on_board, by_author, with_tag, sort, has_key) for one in kinds]
    size = bindparam("size", type_=Integer)
    if len(parts) == 1:
        page = parts[0].cte("page")
    else:
        every = parts[0].subquery().select().union_all(*(part.subquery().select() for part in parts[1:])).subquery()
        page = select(every.c.id).order_by(every.c.place.desc(), every.c.id.desc()).limit(size).cte("page")
    rows = _ROWS.join(page, page.c.id == Post.id)
    return rows.order_by(_SORT_COLUMNS[sort].desc(), Post.id.desc())


def _kind_statement(kind: str, on_board: bool, by_author: bool, with_tag: bool, sort: str, has_key: bool) -> Select:
    place = _SORT_COLUMNS[sort]
    ids = select(Post.id, place.label("place")).where(Post.kind == kind, Post.state == VISIBLE)
    if on_board:
        ids = ids.where(Post.board_id == bindparam("board"))
    if by_author:
        ids = ids.where(Post.author_id == bindparam("author"))
    if with_tag:
        ids = ids.join(PostTag, PostTag.post_id == Post.id).where(PostTag.tag_id == bindparam("tag"))
        place, last_id = PostTag.post_created_at, PostTag.post_id
    else:
        last_id = Post.id
    if sort == "unanswered":
        ids = ids.where(Post.answer_count == 0)
    if has_key:
        before = bindparam("place", type_=place.type)
        ids = ids.where(place <= before, (place < before) | (last_id < bindparam("last_id")))
    return ids.order_by(place.desc(), last_id.desc()).limit(bindparam("size", type_=Integer))
