"""Numbered pages of posts, for lists of boards and tags and for the home page."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, select

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR_COLUMNS
from madang.boards.queries import hidden_board_ids, locate_page_start
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.db.pagination import Page
from madang.tags.models import PostTag, Tag
from madang.tags.queries.tags import post_count_of

from ..models import POST_KIND_BY_BOARD_KIND, VISIBLE, Post
from .visibility import on_visible_boards

MAX_PINNED = 10
SORTS = ("newest", "active", "votes", "unanswered")
_ORDER: dict[str, tuple[ColumnElement, ...]] = {
    "newest": (Post.created_at.desc(), Post.id.desc()),
    "active": (Post.last_activity_at.desc(), Post.id.desc()),
    "votes": (Post.score.desc(), Post.id.desc()),
    "unanswered": (Post.created_at.desc(), Post.id.desc()),
}
POST_ROW_COLUMNS = (
    Post.id,
    Post.kind,
    Post.title,
    Post.excerpt,
    Post.score,
    Post.answer_count,
    Post.accepted_answer_id,
    Post.comment_count,
    Post.view_count,
    Post.cover_file,
    Post.cover_width,
    Post.cover_height,
    Post.tag_names,
    Post.created_at,
    Post.pinned_at.is_not(None).label("is_pinned"),
    Post.closed_at.is_not(None).label("is_closed"),
    Post.locked_at.is_not(None).label("is_locked"),
    Post.author_name,
    *AUTHOR_COLUMNS,
)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of posts of one kind on some boards, or with a tag. `total` comes from counters."""

    kind: str
    board_ids: tuple[int, ...]
    total: int
    sort: str = "newest"
    tag: Tag | None = None
    is_every_board: bool = False
    hidden_board_ids: tuple[int, ...] = ()


def listing_of(
    kind: str, boards: list[Row], actor: Actor, *, sort: str, tag: Tag | None = None, is_every_board: bool = False
) -> Listing:
    """The listing of posts of `kind` on `boards`, which the actor may see, or with `tag`, sorted by newest only."""
    hidden = hidden_board_ids(actor)
    if tag is not None:
        total = post_count_of(tag, actor)
        sort = "newest"
    elif sort == "unanswered":
        total = sum(board.unanswered_count for board in boards)
    else:
        total = sum(board.post_count for board in boards)
    ids = tuple(board.id for board in boards)
    return Listing(kind, ids, max(0, total), sort, tag, is_every_board and not hidden, hidden)


def page_rows(listing: Listing, page: Page) -> list[Row]:
    """The rows of one page.

    Sorted by newest, the start of the page is located by the counts of months and days
    (`boards.queries.locate_page_start`). In other orders the database skips the rows before it within an index.
    """
    before, offset = None, page.offset
    if listing.tag is None and listing.sort == "newest":
        before, offset = locate_page_start(list(listing.board_ids), page.offset)
    values: dict[str, object] = {"size": page.size, "offset": offset}
    if listing.tag is not None:
        statement = _page_with_tag(listing.hidden_board_ids)
        values["tag"] = listing.tag.id
    else:
        boards = () if listing.is_every_board else listing.board_ids
        statement = _page_on_boards(listing.kind, boards, listing.sort, before is not None)
        values["before"] = before
    return list(db.rows(statement, values))


# The queries of pages are built once for each combination: building one costs more than running it.
@lru_cache(maxsize=512)
def _page_on_boards(kind: str, board_ids: tuple[int, ...], sort: str, has_before: bool) -> Select:
    return _page_of(_ids_on_boards(kind, board_ids, sort, has_before), sort)


@lru_cache(maxsize=64)
def _page_with_tag(hidden_board_ids: tuple[int, ...]) -> Select:
    with_tag = select(PostTag.post_id.label("id")).where(PostTag.tag_id == bindparam("tag"))
    if hidden_board_ids:
        with_tag = with_tag.where(PostTag.board_id.not_in(hidden_board_ids))
    return _page_of(with_tag.order_by(PostTag.post_created_at.desc(), PostTag.post_id.desc()), "newest")


def _page_of(ids: Select, sort: str) -> Select:
    page = ids.limit(bindparam("size", type_=Integer)).offset(bindparam("offset", type_=Integer)).cte("page")
    rows = select(*POST_ROW_COLUMNS).join(page, page.c.id == Post.id).outerjoin(User, User.id == Post.author_id)
    return rows.order_by(*_ORDER[sort])


def _ids_on_boards(kind: str, board_ids: tuple[int, ...], sort: str, has_before: bool) -> Select:
    ids = select(Post.id).where(Post.kind == kind, Post.state == VISIBLE)
    if len(board_ids) == 1:
        ids = ids.where(Post.board_id == board_ids[0])
    elif board_ids:
        ids = ids.where(Post.board_id.in_(board_ids))
    if sort == "unanswered":
        ids = ids.where(Post.answer_count == 0)
    if has_before:
        ids = ids.where(Post.created_at < bindparam("before"))
    return ids.order_by(*_ORDER[sort])


def pinned_rows(board_id: int) -> list[Row]:
    """The pinned posts of a board, the last pinned first."""
    rows = select(*POST_ROW_COLUMNS).outerjoin(User, User.id == Post.author_id)
    pinned = rows.where(Post.board_id == board_id, Post.pinned_at.is_not(None), Post.state == VISIBLE)
    return list(db.session.execute(pinned.order_by(Post.pinned_at.desc(), Post.id.desc()).limit(MAX_PINNED)).all())


def newest_rows(limit: int, actor: Actor) -> list[Row]:
    """The newest posts of all kinds that the actor may see, for the home page."""
    parts = [
        on_visible_boards(select(Post.id, Post.created_at), actor)
        .where(Post.kind == kind, Post.state == VISIBLE)
        .order_by(*_ORDER["newest"])
        .limit(limit)
        .subquery()
        for kind in POST_KIND_BY_BOARD_KIND.values()
    ]
    newest = parts[0].select().union_all(*(part.select() for part in parts[1:])).subquery()
    ids = select(newest.c.id).order_by(newest.c.created_at.desc(), newest.c.id.desc()).limit(limit).cte("page")
    rows = select(*POST_ROW_COLUMNS).join(ids, ids.c.id == Post.id).outerjoin(User, User.id == Post.author_id)
    return list(db.session.execute(rows.order_by(*_ORDER["newest"])).all())
