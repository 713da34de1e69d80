"""Retract votes of a deleted account, or of accounts that are merged."""

from sqlalchemy import delete, func, select

from madang.comments.models import Comment
from madang.core.db import db, lock_row
from madang.core.events import emit
from madang.posts.models import Post

from ..events import CommentVoted, PostVoted
from ..models import CommentVote, PostVote


def retract_votes(user_id: int, *, limit: int) -> int:
    """Retract a person's next votes, up to `limit` on posts and `limit` on comments; return how many.

    Scores and reputation are adjusted.
    """
    posts = select(PostVote.post_id).where(PostVote.user_id == user_id).order_by(PostVote.post_id).limit(limit)
    post_ids = db.session.scalars(posts).all()
    for post_id in post_ids:
        retract_post_vote(user_id, post_id)
    comments = select(CommentVote.comment_id).where(CommentVote.user_id == user_id).order_by(CommentVote.comment_id)
    comment_ids = db.session.scalars(comments.limit(limit)).all()
    for comment_id in comment_ids:
        retract_comment_vote(user_id, comment_id)
    return len(post_ids) + len(comment_ids)


def count_votes_of(user_id: int) -> int:
    """The number of a person's votes on posts and comments."""
    tables = (PostVote, CommentVote)
    return sum(db.session.scalar(select(func.count()).where(table.user_id == user_id)) or 0 for table in tables)


def retract_post_vote(user_id: int, post_id: int) -> None:
    """Retract a person's vote on a post, without a check of permission."""
    post = db.session.get_one(Post, post_id)
    lock_row(post)
    is_vote = (PostVote.user_id == user_id) & (PostVote.post_id == post_id)
    value = db.session.scalar(select(PostVote.value).where(is_vote))
    if value is None:
        return
    db.session.execute(delete(PostVote).where(is_vote))
    post.score -= value
    db.session.flush()
    emit(PostVoted(post_id, user_id, value, 0))


def retract_comment_vote(user_id: int, comment_id: int) -> None:
    """Retract a person's vote on a comment, without a check of permission."""
    comment = db.session.get_one(Comment, comment_id)
    lock_row(comment)
    is_vote = (CommentVote.user_id == user_id) & (CommentVote.comment_id == comment_id)
    if db.session.scalar(select(CommentVote.user_id).where(is_vote)) is None:
        return
    db.session.execute(delete(CommentVote).where(is_vote))
    comment.score -= 1
    db.session.flush()
    emit(CommentVoted(comment_id, user_id, 1, 0))
