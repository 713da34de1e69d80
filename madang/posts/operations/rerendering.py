"""Render posts again that begin or cease to have formulas: their board's use of mathematics changed, or they moved."""

from collections.abc import Sequence

from sqlalchemy import select

from madang.boards.queries import uses_math
from madang.core.db import db

from ..models import Post
from .rendering import render_body, set_html

MAY_HAVE_FORMULAS = Post.body.contains("$")


def render_next_posts(board_id: int, after: int, limit: int) -> list[int]:
    """Render the next `limit` posts of a board with a dollar sign and with ids above `after`; return their ids."""
    batch = select(Post).where(Post.board_id == board_id, Post.id > after, MAY_HAVE_FORMULAS).order_by(Post.id)
    return _render(db.session.scalars(batch.limit(limit).with_for_update()).all(), is_math=uses_math(board_id))


def render_thread(post: Post) -> None:
    """Render a post and its answers again, as their board has it."""
    thread = select(Post).where((Post.id == post.id) | (Post.parent_id == post.id), MAY_HAVE_FORMULAS)
    _render(db.session.scalars(thread.order_by(Post.id)).all(), is_math=uses_math(post.board_id))


def _render(posts: Sequence[Post], *, is_math: bool) -> list[int]:
    for post in posts:
        set_html(post, render_body(post.body, uses_math=is_math))
    db.session.flush()
    return [post.id for post in posts]
