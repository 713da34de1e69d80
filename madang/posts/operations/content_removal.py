"""Remove the posts of a deleted account in batches, and count them."""

from datetime import datetime

from sqlalchemy import func, select

from madang.core.actor import Actor
from madang.core.db import db

from ..models import VISIBLE, Post
from .deleting import delete_post_with_account


def count_posts_of(user_id: int) -> int:
    """The number of a person's visible posts and answers."""
    return db.session.scalar(select(func.count()).where(Post.author_id == user_id, Post.state == VISIBLE)) or 0


def remove_next_posts(user_id: int, actor: Actor, now: datetime, limit: int) -> int:
    """Delete a person's next posts and answers, up to `limit`, as a moderator does. Returns how many."""
    theirs = select(Post).where(Post.author_id == user_id, Post.state == VISIBLE).order_by(Post.id).limit(limit)
    posts = db.session.scalars(theirs).all()
    for post in posts:
        delete_post_with_account(post, actor=actor, now=now)
    return len(posts)
