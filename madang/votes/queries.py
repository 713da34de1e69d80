"""What somebody has voted."""

from sqlalchemy import select

from madang.core.actor import Actor
from madang.core.db import db

from .models import CommentVote, PostVote


def my_post_votes(actor: Actor, post_ids: list[int]) -> dict[int, int]:
    """The actor's votes on these posts: post id -> -1 or 1."""
    if actor.is_anonymous or not post_ids:
        return {}
    mine = select(PostVote.post_id, PostVote.value).where(PostVote.user_id == actor.id, PostVote.post_id.in_(post_ids))
    return dict(db.session.execute(mine).all())


def my_comment_votes(actor: Actor, comment_ids: list[int]) -> set[int]:
    """Those of these comments that the actor voted for."""
    if actor.is_anonymous or not comment_ids:
        return set()
    mine = select(CommentVote.comment_id).where(
        CommentVote.user_id == actor.id, CommentVote.comment_id.in_(comment_ids)
    )
    return set(db.session.scalars(mine))
