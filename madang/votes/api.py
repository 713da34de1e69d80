"""The caller's votes on posts and comments in the JSON API."""

from madang.comments.queries import get_comment
from madang.core.clock import now
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limited_rate
from madang.posts.queries.posts import get_post

from .operations.voting import vote_on_comment, vote_on_post
from .queries import votes_of
from .schemas import NewVoteSchema, VoteSchema

bp = ApiBlueprint("votes", description="Your votes on posts and comments.")
Vote = dict[str, int]


@bp.get("/posts/<int:post_id>/vote")
@bp.response(VoteSchema)
def get_post_vote(post_id: int) -> Vote:
    """Read your vote on a post, and its score."""
    actor = current_actor()
    post = get_post(post_id, actor)
    votes, _on_comments = votes_of(actor, [post_id], [])
    return {"value": votes.get(post_id, 0), "score": post.score}


@bp.put("/posts/<int:post_id>/vote")
@bp.body(NewVoteSchema)
@bp.response(VoteSchema)
def set_post_vote(payload: Vote, post_id: int) -> Vote:
    """Set your vote on a post. Sending it again changes nothing."""
    return {"value": payload["value"], "score": _vote_on_post(post_id, payload["value"])}


@bp.delete("/posts/<int:post_id>/vote")
@bp.response(None)
def delete_post_vote(post_id: int) -> None:
    """Retract your vote on a post."""
    _vote_on_post(post_id, 0)


@limited_rate("vote")
def _vote_on_post(post_id: int, value: int) -> int:
    """Set the caller's vote and return the new score."""
    post = get_post(post_id, current_actor())
    return vote_on_post(post, value, actor=current_actor(), now=now())


@bp.get("/comments/<int:comment_id>/vote")
@bp.response(VoteSchema)
def get_comment_vote(comment_id: int) -> Vote:
    """Read your vote on a comment, and its score."""
    actor = current_actor()
    comment = get_comment(comment_id, actor)
    _on_posts, voted = votes_of(actor, [], [comment_id])
    return {"value": int(comment_id in voted), "score": comment.score}


@bp.put("/comments/<int:comment_id>/vote")
@bp.body(NewVoteSchema)
@bp.response(VoteSchema)
def set_comment_vote(payload: Vote, comment_id: int) -> Vote:
    """Set your vote on a comment: 1, or 0 to retract it."""
    return {"value": payload["value"], "score": _vote_on_comment(comment_id, payload["value"])}


@bp.delete("/comments/<int:comment_id>/vote")
@bp.response(None)
def delete_comment_vote(comment_id: int) -> None:
    """Retract your vote on a comment."""
    _vote_on_comment(comment_id, 0)


@limited_rate("vote")
def _vote_on_comment(comment_id: int, value: int) -> int:
    """Set the caller's vote and return the new score."""
    comment = get_comment(comment_id, current_actor())
    return vote_on_comment(comment, value, actor=current_actor(), now=now())
