"""Render comments again that begin or cease to have formulas, as the posts that they stand under."""

from collections.abc import Sequence

from sqlalchemy import select

from madang.boards.queries import uses_math
from madang.core.db import db
from madang.posts.models import Post

from ..models import Comment
from .writing import render_comment

MAY_HAVE_FORMULAS = Comment.body.contains("$")


def render_next_comments(board_id: int, after: int, limit: int) -> list[int]:
    """Render the next `limit` comments on a board with a dollar sign and with ids above `after`; return their ids."""
    here = select(Post.id).where(Post.board_id == board_id)
    batch = select(Comment).where(Comment.post_id.in_(here), Comment.id > after, MAY_HAVE_FORMULAS)
    comments = db.session.scalars(batch.order_by(Comment.id).limit(limit).with_for_update()).all()
    return _render(comments, is_math=uses_math(board_id))


def render_comments_of_thread(post_id: int) -> None:
    """Render the comments on a post and on its answers again, as their board has it."""
    board_id = db.session.get_one(Post, post_id).board_id
    thread = select(Post.id).where((Post.id == post_id) | (Post.parent_id == post_id))
    comments = select(Comment).where(Comment.post_id.in_(thread), MAY_HAVE_FORMULAS).order_by(Comment.id)
    _render(db.session.scalars(comments).all(), is_math=uses_math(board_id))


def _render(comments: Sequence[Comment], *, is_math: bool) -> list[int]:
    for comment in comments:
        comment.body_html = render_comment(comment.body, uses_math=is_math)
    db.session.flush()
    return [comment.id for comment in comments]
