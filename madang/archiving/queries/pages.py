"""The rows of the pages of an archive."""

from collections.abc import Iterable, Sequence

from sqlalchemy import BindParameter, Integer, Row, Select, bindparam, func, select

from madang.accounts.models import User
from madang.boards.models import Board
from madang.comments.models import Comment
from madang.core.actor import VISITOR
from madang.core.db import db
from madang.posts.models import VISIBLE, Post, PostLink
from madang.posts.queries.visibility import on_visible_boards
from madang.tags.models import PostTag, Tag
from madang.tags.queries.tags import post_count_for

from .public import IS_PUBLIC_BOARD, Parent, public_comments, public_posts

_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_FIRST, _LAST = bindparam("first", type_=Integer), bindparam("last", type_=Integer)
_LIST_COLUMNS = (
    Post.id, Post.kind, Post.board_id, Post.parent_id, Post.author_id, Post.author_name, Post.excerpt, Post.tag_names,
    Post.score, Post.answer_count, Post.comment_count, Post.accepted_answer_id, Post.cover_file, Post.created_at,
    Post.edited_at, Post.closed_at,
)  # fmt: skip
_TITLE = func.coalesce(Parent.title, Post.title).label("title")
LIST_ROWS = public_posts(*_LIST_COLUMNS, _TITLE)
_PAGE_ROWS = public_posts(*_LIST_COLUMNS, Post.title, Post.body_html, Post.close_reason)
_POSTS_BETWEEN = _PAGE_ROWS.where(Post.id.between(_FIRST, _LAST), Post.parent_id.is_(None)).order_by(Post.id)
_IDS_BETWEEN = (
    public_posts(Post.id, Post.title, Post.answer_count, Post.created_at, Post.last_activity_at)
    .where(Post.id.between(_FIRST, _LAST), Post.parent_id.is_(None))
    .order_by(Post.id)
)
_ANSWERS = _PAGE_ROWS.where(Post.parent_id.in_(_IDS)).order_by(Post.parent_id, Post.score.desc(), Post.id)
_COMMENTS = (
    public_comments(
        Comment.id,
        Comment.post_id,
        Comment.parent_id,
        Comment.author_id,
        Comment.author_name,
        Comment.body_html,
        Comment.score,
        Comment.created_at,
    )
    .where(Comment.post_id.in_(_IDS))
    .order_by(Comment.post_id, Comment.created_at, Comment.id)
)
_PAGES_OF_POSTS = public_posts(Post.id, Post.parent_id).where(Post.id.in_(_IDS))
_LINKS = select(PostLink.post_id, PostLink.related_post_id, PostLink.kind).where(PostLink.post_id.in_(_IDS))
_LISTED_BY_ID = LIST_ROWS.where(Post.id.in_(_IDS))


def largest_id(table: type[Post] | type[Tag] | type[User]) -> int:
    return db.session.scalar(select(func.max(table.id))) or 0


def posts_between(first: int, last: int) -> Sequence[Row]:
    """The public posts with these ids, without answers."""
    return db.rows(_POSTS_BETWEEN, {"first": first, "last": last})


def page_ids_between(first: int, last: int) -> Sequence[Row]:
    """The public posts with these ids, without answers and without their texts."""
    return db.rows(_IDS_BETWEEN, {"first": first, "last": last})


def answers_of(post_ids: Sequence[int]) -> Sequence[Row]:
    """The public answers of these questions, the best first."""
    return db.rows(_ANSWERS, {"ids": post_ids})


def comments_on(post_ids: Sequence[int]) -> Sequence[Row]:
    """The public comments on these posts, the oldest first."""
    return db.rows(_COMMENTS, {"ids": post_ids})


def pages_of_posts(post_ids: Iterable[int]) -> dict[int, int | None]:
    """Those of these posts that are public, each with the question that it answers or None."""
    ids = list(post_ids)
    return {row.id: row.parent_id for row in db.rows(_PAGES_OF_POSTS, {"ids": ids})} if ids else {}


def links_of(post_ids: Sequence[int]) -> Sequence[Row]:
    """The posts to which these link, and those of which they are duplicates."""
    return db.rows(_LINKS, {"ids": post_ids})


def boards() -> Sequence[Row]:
    columns = select(Board.id, Board.slug, Board.kind, Board.name, Board.description, Board.post_count)
    return db.rows(columns.where(IS_PUBLIC_BOARD).order_by(Board.position, Board.id))


def tags() -> Sequence[Row]:
    """The tags of public posts, those of most posts first."""
    count = post_count_for(VISITOR)
    columns = select(Tag.id, Tag.name, Tag.excerpt, Tag.description_html, count.label("post_count"))
    return db.rows(columns.where(count > 0).order_by(count.desc(), Tag.id))


def usernames() -> dict[str, int]:
    """The id of each account by its username in lower case."""
    return {
        row.username_lower: row.id for row in db.rows(select(User.username_lower, User.id).where(User.is_account()))
    }


def people_between(first: int, last: int) -> Sequence[Row]:
    """The accounts with these ids, with what their profiles show."""
    columns = (
        User.id, User.username, User.display_name, User.role, User.bio_html, User.website, User.location,
        User.reputation, User.avatar_file, User.question_count, User.answer_count, User.created_at,
    )  # fmt: skip
    return db.rows(
        select(*columns).where(User.id.between(_FIRST, _LAST), User.is_account()).order_by(User.id),
        {"first": first, "last": last},
    )


def people_ranked() -> Sequence[Row]:
    """All accounts by reputation."""
    columns = select(User.id, User.username, User.display_name, User.reputation, User.question_count, User.answer_count)
    return db.rows(columns.where(User.is_account()).order_by(User.reputation.desc(), User.id))


def posts_by(user_ids: Sequence[int]) -> Sequence[Row]:
    """The public posts and answers of these people, the newest first."""
    newest = LIST_ROWS.where(Post.author_id.in_(_IDS)).order_by(Post.created_at.desc(), Post.id.desc())
    return db.rows(newest, {"ids": user_ids})


def newest_ids_on(board_id: int) -> list[int]:
    """The ids of a board's posts, the newest first."""
    chosen = select(Post.id).where(Post.board_id == board_id, Post.state == VISIBLE, Post.parent_id.is_(None))
    return _ids(chosen.order_by(Post.created_at.desc(), Post.id.desc()))


def newest_ids_with(tag_id: int) -> list[int]:
    """The ids of the posts with a tag, the newest first."""
    chosen = on_visible_boards(select(PostTag.post_id).where(PostTag.tag_id == tag_id), VISITOR, PostTag.board_id)
    return _ids(chosen.order_by(PostTag.post_created_at.desc(), PostTag.post_id.desc()))


def newest_ids(limit: int) -> list[int]:
    """The ids of the newest posts of all boards."""
    chosen = on_visible_boards(select(Post.id).where(Post.state == VISIBLE, Post.parent_id.is_(None)), VISITOR)
    return _ids(chosen.order_by(Post.created_at.desc(), Post.id.desc()).limit(limit))


def _ids(statement: Select) -> list[int]:
    return [row[0] for row in db.rows(statement)]


def listed(post_ids: Sequence[int]) -> list[Row]:
    """Those of these posts that are public, in their order, with what a list shows."""
    rows = {row.id: row for row in db.rows(_LISTED_BY_ID, {"ids": post_ids})}
    return [rows[post_id] for post_id in post_ids if post_id in rows]


def bodies_of(post_ids: Sequence[int]) -> dict[int, str]:
    """The HTML of these posts."""
    return {
        row.id: row.body_html
        for row in db.rows(select(Post.id, Post.body_html).where(Post.id.in_(_IDS)), {"ids": post_ids})
    }
