"""Permissions for votes."""

from madang.accounts.policies.accounts import can_write
from madang.comments.policies import CommentLike
from madang.core.actor import Actor
from madang.posts.policies import PostLike

KINDS_WITH_DOWNVOTES = ("question", "answer")


def takes_votes(kind: str, *, talk_votes: bool) -> bool:
    """Whether posts of this kind take votes; without `talk_votes` (the setting TALK_VOTES) questions and answers do."""
    return talk_votes or kind in KINDS_WITH_DOWNVOTES


def can_vote_on_post(actor: Actor, post: PostLike, value: int, *, talk_votes: bool = True) -> bool:
    """Nobody can vote on their own post or a locked one; `value` -1 only on questions and answers, 0 retracts."""
    is_possible = value in (0, 1) or (value == -1 and post.kind in KINDS_WITH_DOWNVOTES)
    is_open = takes_votes(post.kind, talk_votes=talk_votes) and not post.is_deleted and not post.is_locked
    return can_write(actor) and is_possible and is_open and actor.id != post.author_id


def can_vote_on_comment(actor: Actor, comment: CommentLike, post: PostLike) -> bool:
    """Nobody can vote on their own comment, or on a comment of a locked `post`."""
    return can_write(actor) and actor.id != comment.author_id and not comment.is_deleted and not post.is_locked
