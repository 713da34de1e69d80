"""Keyset-paginated lists of posts for the API: every page costs the same, at any depth."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Integer, Row, Select, bindparam, select

from madang.accounts.models import User
from madang.boards.models import Board
from madang.boards.queries import hidden_board_ids
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.db.ordering import Key, Keyset
from madang.tags.models import PostTag

from ..models import POST_KIND_BY_BOARD_KIND, VISIBLE, Post
from .listing import MAX_PINNED, POST_ROW_COLUMNS
from .posts import Question
from .visibility import on_visible_boards

KINDS = tuple(POST_KIND_BY_BOARD_KIND.values())
NEWEST = Keyset(Post.created_at.desc(), Post.id.desc())
KEYSETS = {
    "newest": NEWEST,
    "active": Keyset(Post.last_activity_at.desc(), Post.id.desc()),
    "votes": Keyset(Post.score.desc(), Post.id.desc()),
    "unanswered": NEWEST,
}
_NEWEST_WITH_TAG = Keyset(PostTag.post_created_at.desc(), PostTag.post_id.desc())  # the values of `NEWEST`
_API_COLUMNS = (
    *POST_ROW_COLUMNS,
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
    """Filters and order of a list of posts that `actor` may see. With an author or a tag, `sort` must be `newest`."""

    actor: Actor

    kind: str | None = None
    board_id: int | None = None
    author_id: int | None = None
    tag_id: int | None = None
    sort: str = "newest"

    @property
    def keyset(self) -> Keyset:
        return KEYSETS[self.sort]


class Shape(NamedTuple):
    """What decides the SQL of a page; the values of filters and key are bound parameters."""

    kind: str | None
    on_board: bool
    by_author: bool
    with_tag: bool
    sort: str
    has_key: bool
    hidden_board_ids: tuple[int, ...]


def posts_after(order: KeysetOrder, after: Key | None, limit: int) -> list[Row]:
    """The next `limit` posts after a key of `order.keyset`, or the first ones."""
    shape = Shape(
        kind=order.kind,
        on_board=order.board_id is not None,
        by_author=order.author_id is not None,
        with_tag=order.tag_id is not None,
        sort=order.sort,
        has_key=after is not None,
        hidden_board_ids=hidden_board_ids(order.actor),
    )
    last_value, last_id = after or (None, None)
    filters = {"board": order.board_id, "author": order.author_id, "tag": order.tag_id}
    return list(db.rows(_statement(shape), {**filters, "size": limit, "last_value": last_value, "last_id": last_id}))


def answers_by(author_id: int, actor: Actor, after: Key | None, limit: int) -> list[Row]:
    """The next answers of an author that the actor may see, to visible questions, after a key of `NEWEST`."""
    own = (Post.author_id == author_id) & (Post.kind == "answer") & (Post.state == VISIBLE)
    ids = select(Post.id).join(Question, Question.id == Post.parent_id).where(own, Question.state == VISIBLE)
    page = NEWEST.select_after(on_visible_boards(ids, actor), after, limit).cte("page")
    return list(db.rows(_ROWS.join(page, page.c.id == Post.id).order_by(*NEWEST.order_by)))


def pinned_posts(board_id: int) -> list[Row]:
    """The pinned posts of a board, the last pinned first, with the columns of the API."""
    pinned = _ROWS.where(Post.board_id == board_id, Post.pinned_at.is_not(None), Post.state == VISIBLE)
    return list(db.rows(pinned.order_by(Post.pinned_at.desc(), Post.id.desc()).limit(MAX_PINNED)))


@lru_cache(maxsize=512)
def _statement(shape: Shape) -> Select:
    """The query of a page, built once for each combination of filters and order."""
    parts = [_kind_statement(kind, shape) for kind in ((shape.kind,) if shape.kind else KINDS)]
    size = bindparam("size", type_=Integer)
    if len(parts) == 1:
        page = parts[0].cte("page")
    else:
        union = parts[0].subquery().select().union_all(*(part.subquery().select() for part in parts[1:])).subquery()
        page = select(union.c.id).order_by(union.c.sort_value.desc(), union.c.id.desc()).limit(size).cte("page")
    rows = _ROWS.join(page, page.c.id == Post.id)
    return rows.order_by(*KEYSETS[shape.sort].order_by)


def _kind_statement(kind: str, shape: Shape) -> Select:
    """The ids of one kind of post on a page; one kind at a time, so that an index gives the order."""
    keyset = KEYSETS[shape.sort]
    ids = select(Post.id, keyset.columns[0].label("sort_value")).where(Post.kind == kind, Post.state == VISIBLE)
    if shape.hidden_board_ids:
        ids = ids.where(Post.board_id.not_in(shape.hidden_board_ids))
    if shape.on_board:
        ids = ids.where(Post.board_id == bindparam("board"))
    if shape.by_author:
        ids = ids.where(Post.author_id == bindparam("author"))
    if shape.with_tag:
        ids = ids.join(PostTag, PostTag.post_id == Post.id).where(PostTag.tag_id == bindparam("tag"))
        keyset = _NEWEST_WITH_TAG
    if shape.sort == "unanswered":
        ids = ids.where(Post.answer_count == 0)
    if shape.has_key:
        last_value = bindparam("last_value", type_=keyset.columns[0].type)
        ids = ids.where(keyset.is_after((last_value, bindparam("last_id"))))
    return ids.order_by(*keyset.order_by).limit(bindparam("size", type_=Integer))
