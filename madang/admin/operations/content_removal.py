"""Remove the content of a deleted account in batches, and count it."""

from datetime import datetime

from sqlalchemy import func, select

from madang.comments.models import COMMENT_VISIBLE, Comment
from madang.comments.operations.writing import delete_comment_with_account
from madang.core.actor import Actor
from madang.core.db import db
from madang.posts.models import VISIBLE, Post
from madang.posts.operations.deleting import delete_post_with_account
from madang.votes.models import CommentVote, PostVote
from madang.votes.operations.retraction import retract_votes

BATCH_SIZE = 50


def remove_next_content(user_id: int, *, actor: Actor, now: datetime, limit: int = BATCH_SIZE) -> int:
    """Delete the next posts and comments of a person, as a moderator does, and retract their next votes.

    At most `limit` of each. Returns how many posts, comments and votes were removed; 0 when nothing is left.
    """
    posts = select(Post).where(Post.author_id == user_id, Post.state == VISIBLE).order_by(Post.id).limit(limit)
    comments = select(Comment).where(Comment.author_id == user_id, Comment.state == COMMENT_VISIBLE)
    removed_count = 0
    for post in db.session.scalars(posts).all():
        delete_post_with_account(post, actor=actor, now=now)
        removed_count += 1
    for comment in db.session.scalars(comments.order_by(Comment.id).limit(limit)).all():
        delete_comment_with_account(comment, actor=actor, now=now)
        removed_count += 1
    return removed_count + retract_votes(user_id, limit=limit)


def content_counts(user_id: int) -> dict[str, int]:
    """The number of a person's visible posts and comments, and of their votes."""
    queries = {
        "posts": select(func.count()).where(Post.author_id == user_id, Post.state == VISIBLE),
        "comments": select(func.count()).where(Comment.author_id == user_id, Comment.state == COMMENT_VISIBLE),
        "post_votes": select(func.count()).select_from(PostVote).where(PostVote.user_id == user_id),
        "comment_votes": select(func.count()).select_from(CommentVote).where(CommentVote.user_id == user_id),
    }
    counts = {name: db.session.scalar(query) or 0 for name, query in queries.items()}
    votes = counts.pop("post_votes") + counts.pop("comment_votes")
    return {**counts, "votes": votes}
