"""Votes for programs: one's own, on posts and on comments."""

from madang.comments.queries import get_comment
from madang.core.clock import now
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.web.actor import current_actor
from madang.core.web.limits import limit_rate
from madang.posts.queries.posts import get_post

from .operations.voting import vote_on_comment, vote_on_post
from .queries import votes_of
from .schemas import NewVoteSchema, VoteSchema

bp = ApiBlueprint("votes", description="One's own votes on posts and comments.")
Vote = dict[str, int]


@bp.get("/posts/<int:post_id>/vote")
@bp.response(VoteSchema)
def get_post_vote(post_id: int) -> Vote:
    """One's vote on a post, and the post's score."""
    actor = current_actor()
    post = get_post(post_id, actor)
    votes, _on_comments = votes_of(actor, [post_id], [])
    return {"value": votes.get(post_id, 0), "score": post.score}


@bp.put("/posts/<int:post_id>/vote")
@bp.body(NewVoteSchema)
@bp.response(VoteSchema)
def set_post_vote(payload: Vote, post_id: int) -> Vote:
    """Vote on a post. However often it is sent, it is one vote."""
    return {"value": payload["value"], "score": _vote_on_post(post_id, payload["value"])}


@bp.delete("/posts/<int:post_id>/vote")
@bp.response(None)
def delete_post_vote(post_id: int) -> None:
    """Take one's vote on a post back."""
    _vote_on_post(post_id, 0)


def _vote_on_post(post_id: int, value: int) -> int:
    """Vote, and give the new score."""
    post = get_post(post_id, current_actor())
    limit_rate("vote")
    return vote_on_post(post, value, actor=current_actor(), now=now())


@bp.get("/comments/<int:comment_id>/vote")
@bp.response(VoteSchema)
def get_comment_vote(comment_id: int) -> Vote:
    """Whether one has voted for a comment, and the comment's score."""
    actor = current_actor()
    comment = get_comment(comment_id, actor)
    _on_posts, voted = votes_of(actor, [], [comment_id])
    return {"value": int(comment_id in voted), "score": comment.score}


@bp.put("/comments/<int:comment_id>/vote")
@bp.body(NewVoteSchema)
@bp.response(VoteSchema)
def set_comment_vote(payload: Vote, comment_id: int) -> Vote:
    """Vote for a comment: 1, or 0 to take it back."""
    return {"value": payload["value"], "score": _vote_on_comment(comment_id, payload["value"])}


@bp.delete("/comments/<int:comment_id>/vote")
@bp.response(None)
def delete_comment_vote(comment_id: int) -> None:
    """Take one's vote for a comment back."""
    _vote_on_comment(comment_id, 0)


def _vote_on_comment(comment_id: int, value: int) -> int:
    """Vote, and give the new score."""
    comment = get_comment(comment_id, current_actor())
    limit_rate("vote")
    return vote_on_comment(comment, value, actor=current_actor(), now=now())
