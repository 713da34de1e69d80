"""Removing what somebody wrote whose account goes, a piece at a time."""

from datetime import datetime

from sqlalchemy import func, select

from madang.comments.models import VISIBLE as VISIBLE_COMMENT
from madang.comments.models import Comment
from madang.comments.operations.writing import hide_comment
from madang.core.actor import Actor
from madang.core.db import db
from madang.posts.models import VISIBLE, Post
from madang.posts.operations.deleting import hide_post
from madang.votes.models import CommentVote, PostVote
from madang.votes.operations.retraction import retract_votes

AT_ONCE = 50


def remove_next_content(user_id: int, *, actor: Actor, now: datetime, limit: int = AT_ONCE) -> int:
    """Delete the next of a person's posts and comments as a moderator does, and take back their next votes.

    Returns how many things those were; none when nothing is left.
    """
    posts = select(Post).where(Post.author_id == user_id, Post.state == VISIBLE).order_by(Post.id).limit(limit)
    comments = select(Comment).where(Comment.author_id == user_id, Comment.state == VISIBLE_COMMENT)
    removed = 0
    for post in db.session.scalars(posts).all():
        hide_post(post, actor=actor, now=now)
        removed += 1
    for comment in db.session.scalars(comments.order_by(Comment.id).limit(limit)).all():
        hide_comment(comment, actor=actor, now=now)
        removed += 1
    return removed + retract_votes(user_id, limit=limit)


def content_numbers(user_id: int) -> dict[str, int]:
    """How many posts, comments and votes of a person are there to be seen."""
    counted = {
        "posts": select(func.count()).where(Post.author_id == user_id, Post.state == VISIBLE),
        "comments": select(func.count()).where(Comment.author_id == user_id, Comment.state == VISIBLE_COMMENT),
        "post_votes": select(func.count()).select_from(PostVote).where(PostVote.user_id == user_id),
        "comment_votes": select(func.count()).select_from(CommentVote).where(CommentVote.user_id == user_id),
    }
    numbers = {name: db.session.scalar(count) or 0 for name, count in counted.items()}
    votes = numbers.pop("post_votes") + numbers.pop("comment_votes")
    return {**numbers, "votes": votes}
