"""Remove the comments of a deleted account in batches, and count them."""

from datetime import datetime

from sqlalchemy import func, select

from madang.core.actor import Actor
from madang.core.db import db

from ..models import COMMENT_VISIBLE, Comment
from .writing import delete_comment_with_account


def count_comments_of(user_id: int) -> int:
    """The number of a person's visible comments."""
    theirs = select(func.count()).where(Comment.author_id == user_id, Comment.state == COMMENT_VISIBLE)
    return db.session.scalar(theirs) or 0


def remove_next_comments(user_id: int, actor: Actor, now: datetime, limit: int) -> int:
    """Delete a person's next comments, up to `limit`, as a moderator does. Returns how many."""
    theirs = select(Comment).where(Comment.author_id == user_id, Comment.state == COMMENT_VISIBLE)
    comments = db.session.scalars(theirs.order_by(Comment.id).limit(limit)).all()
    for comment in comments:
        delete_comment_with_account(comment, actor=actor, now=now)
    return len(comments)
