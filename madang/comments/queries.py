"""Finding comments."""

from sqlalchemy import Row, bindparam, select

from madang.accounts.models import User
from madang.accounts.queries import AUTHOR
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.posts.queries import get_post

from .models import VISIBLE, Comment

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
_UNDER = _ROWS.where(Comment.post_id.in_(bindparam("post_ids", expanding=True)), Comment.state == VISIBLE).order_by(
    Comment.post_id, Comment.created_at, Comment.id
)


def get_comment(comment_id: int, actor: Actor) -> Comment:
    """The comment, if the actor may see it and its post. Raises `NotFound`."""
    comment = db.session.get(Comment, comment_id)
    if comment is None or (comment.is_deleted and not actor.is_staff):
        raise NotFound
    get_post(comment.post_id, actor)
    return comment


def comments_under(post_ids: list[int]) -> dict[int, list[Row]]:
    """The visible comments of these posts, as rows, each reply after what it answers."""
    rows = db.rows(_UNDER, {"post_ids": post_ids}) if post_ids else []
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
