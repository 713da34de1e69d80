"""What somebody has voted."""

from sqlalchemy import bindparam, select

from madang.core.actor import Actor
from madang.core.db import db

from .models import CommentVote, PostVote

_ON_POSTS = select(PostVote.post_id, PostVote.value).where(
    PostVote.user_id == bindparam("me"), PostVote.post_id.in_(bindparam("ids", expanding=True))
)
_ON_COMMENTS = select(CommentVote.comment_id).where(
    CommentVote.user_id == bindparam("me"), CommentVote.comment_id.in_(bindparam("ids", expanding=True))
)


def my_post_votes(actor: Actor, post_ids: list[int]) -> dict[int, int]:
    """The actor's votes on these posts: post id -> -1 or 1."""
    if actor.is_anonymous or not post_ids:
        return {}
    return dict(db.rows(_ON_POSTS, {"me": actor.id, "ids": post_ids}))


def my_comment_votes(actor: Actor, comment_ids: list[int]) -> set[int]:
    """Those of these comments that the actor voted for."""
    if actor.is_anonymous or not comment_ids:
        return set()
    return {row.comment_id for row in db.rows(_ON_COMMENTS, {"me": actor.id, "ids": comment_ids})}
