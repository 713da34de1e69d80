"""The actor's votes on posts and comments."""

from sqlalchemy import bindparam, literal, select, union_all

from madang.core.actor import Actor
from madang.core.db import db

from .models import CommentVote, PostVote

_VOTES_OF_ACTOR = union_all(
    select(literal(1).label("is_post"), PostVote.post_id.label("id"), PostVote.value).where(
        PostVote.user_id == bindparam("me"), PostVote.post_id.in_(bindparam("posts", expanding=True))
    ),
    select(literal(0), CommentVote.comment_id, literal(1)).where(
        CommentVote.user_id == bindparam("me"), CommentVote.comment_id.in_(bindparam("comments", expanding=True))
    ),
)


def votes_of(actor: Actor, post_ids: list[int], comment_ids: list[int]) -> tuple[dict[int, int], set[int]]:
    """The actor's votes on the posts (post id -> 1 or -1), and the ids of the comments that they voted for."""
    if actor.is_anonymous or not (post_ids or comment_ids):
        return {}, set()
    rows = db.rows(_VOTES_OF_ACTOR, {"me": actor.id, "posts": post_ids, "comments": comment_ids})
    return {row.id: row.value for row in rows if row.is_post}, {row.id for row in rows if not row.is_post}
