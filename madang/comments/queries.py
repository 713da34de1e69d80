"""Finding comments."""

from datetime import datetime

from sqlalchemy import Integer, Row, bindparam, func, select

from madang.accounts.models import User
from madang.accounts.queries.users import AUTHOR
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.posts.models import Post
from madang.posts.queries.posts import get_counts, get_post

from .models import DELETED, VISIBLE, Comment

SHOWN_AT_FIRST = 30

_ROWS = select(
    Comment.id,
    Comment.post_id,
    Comment.parent_id,
    Comment.author_id,
    Comment.author_name,
    Comment.body_html,
    Comment.score,
    Comment.created_at,
    Comment.edited_at,
    Comment.state,
    *AUTHOR,
).outerjoin(User, User.id == Comment.author_id)
_VISIBLE = (Comment.post_id.in_(bindparam("post_ids", expanding=True)), Comment.state == VISIBLE)
_ORDER = (Comment.post_id, Comment.created_at, Comment.id)
_UNDER = _ROWS.where(*_VISIBLE).order_by(*_ORDER)
_PLACE = func.row_number().over(partition_by=Comment.post_id, order_by=(Comment.created_at, Comment.id))
_PLACED = select(Comment.id, _PLACE.label("place")).where(*_VISIBLE).subquery()
_FIRST_UNDER = (
    _ROWS.join(_PLACED, _PLACED.c.id == Comment.id)
    .where(_PLACED.c.place <= bindparam("first", type_=Integer))
    .order_by(*_ORDER)
)

# The same with its source, for programs.
_WHOLE = _ROWS.add_columns(Comment.body, (Comment.state == DELETED).label("is_deleted"))
_WHOLE_ONE = _WHOLE.where(Comment.id == bindparam("id"))


def get_comment(comment_id: int, actor: Actor) -> Comment:
    """The comment, if the actor may see it and its post. Raises `NotFound`."""
    comment = db.session.get(Comment, comment_id)
    if comment is None or (comment.is_deleted and not actor.is_staff):
        raise NotFound
    get_post(comment.post_id, actor)
    return comment


def get_comment_row(comment_id: int, actor: Actor) -> Row:
    """The comment with its source as a row. Raises as `get_comment` does."""
    row = next(iter(db.rows(_WHOLE_ONE, {"id": comment_id})), None)
    if row is None or (row.is_deleted and not actor.is_staff):
        raise NotFound
    get_counts(row.post_id, actor)
    return row


def comments_after(post_id: int, after: tuple[datetime, int] | None, limit: int) -> list[Row]:
    """The next visible comments of a post, as they were written, after a row's time and number."""
    rows = _WHOLE.where(Comment.post_id == post_id, Comment.state == VISIBLE)
    if after is not None:
        moment, last = after
        rows = rows.where(Comment.created_at >= moment, (Comment.created_at > moment) | (Comment.id > last))
    return list(db.rows(rows.order_by(Comment.created_at, Comment.id).limit(limit)))


def is_shown_at_first(comment: Comment, post: Post) -> bool:
    """Whether a comment stands on its post's page without being asked for."""
    if post.comment_count <= SHOWN_AT_FIRST:
        return True
    is_before = (Comment.created_at < comment.created_at) | (
        (Comment.created_at == comment.created_at) & (Comment.id < comment.id)
    )
    before = select(func.count()).where(Comment.post_id == post.id, Comment.state == VISIBLE, is_before)
    return (db.session.scalar(before) or 0) < SHOWN_AT_FIRST


def comments_under(post_ids: list[int], first: int | None = None) -> dict[int, list[Row]]:
    """The visible comments of these posts (the `first` so many of each), as rows, each reply after what it answers."""
    if not post_ids:
        return {}
    rows = db.rows(_UNDER if first is None else _FIRST_UNDER, {"post_ids": post_ids, "first": first})
    under: dict[int, list[Row]] = {post_id: [] for post_id in post_ids}
    replies: dict[int, list[Row]] = {}
    shown = {row.id for row in rows}
    for row in rows:
        if row.parent_id in shown:
            replies.setdefault(row.parent_id, []).append(row)
    for row in rows:
        if row.parent_id not in shown:
            under[row.post_id] += [row, *replies.get(row.id, [])]
    return under
