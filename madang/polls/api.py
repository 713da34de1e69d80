"""Polls in the JSON API."""

from datetime import datetime
from typing import TypedDict

from madang.core.clock import now
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.serialisation import require_unchanged
from madang.core.web.actor import current_actor
from madang.core.web.request_limits import limited_rate
from madang.posts.models import Post
from madang.posts.queries.posts import get_post

from .operations.voting import retract_poll_vote, vote_in_poll
from .operations.writing import PollInput, delete_poll, end_poll, set_poll
from .queries import PollRow, find_poll_row, get_poll_row
from .schemas import NewPollSchema, NewPollVoteSchema, PollSchema

bp = ApiBlueprint("polls", description="Polls: a question with choices on a post of a talk board.")


class PollPayload(TypedDict):
    question: str
    choices: list[str]
    is_multiple: bool
    results: str
    closes_at: datetime | None


def _get_unchanged_post(post_id: int) -> Post:
    """Get the post if its poll still matches the `If-Match` header of the request."""
    post = get_post(post_id, current_actor())
    require_unchanged(PollSchema, find_poll_row(post, current_actor(), now=now()))
    return post


def _poll_row(post_id: int) -> PollRow:
    return get_poll_row(get_post(post_id, current_actor()), current_actor(), now=now())


@bp.get("/posts/<int:post_id>/poll", public=True)
@bp.response(PollSchema)
def get_one_poll(post_id: int) -> PollRow:
    """Read the poll of a post, with your vote."""
    return _poll_row(post_id)


@bp.put("/posts/<int:post_id>/poll", if_match=True)
@bp.body(NewPollSchema)
@bp.response(PollSchema)
@limited_rate("post")
def set_one_poll(payload: PollPayload, post_id: int) -> PollRow:
    """Add a poll to a post, or change it. After the first vote only its end and `results` can change."""
    post = _get_unchanged_post(post_id)
    set_poll(post, PollInput(**payload), actor=current_actor(), now=now())
    return _poll_row(post_id)


@bp.delete("/posts/<int:post_id>/poll", if_match=True)
@bp.response(None)
def delete_one_poll(post_id: int) -> None:
    """Delete the poll of a post, with its votes. After the first vote only staff can."""
    delete_poll(_get_unchanged_post(post_id), actor=current_actor())


@bp.put("/posts/<int:post_id>/poll/end", if_match=True)
@bp.response(PollSchema)
def end_one_poll(post_id: int) -> PollRow:
    """End a poll now."""
    end_poll(_get_unchanged_post(post_id), actor=current_actor(), now=now())
    return _poll_row(post_id)


@bp.put("/posts/<int:post_id>/poll/vote")
@bp.body(NewPollVoteSchema)
@bp.response(PollSchema)
@limited_rate("vote")
def set_poll_vote(payload: dict[str, list[int]], post_id: int) -> PollRow:
    """Vote in a poll, in place of your former vote."""
    post = get_post(post_id, current_actor())
    vote_in_poll(post, payload["choice_ids"], actor=current_actor(), now=now())
    return _poll_row(post_id)


@bp.delete("/posts/<int:post_id>/poll/vote")
@bp.response(None)
@limited_rate("vote")
def delete_poll_vote(post_id: int) -> None:
    """Take your vote in a poll back."""
    post = get_post(post_id, current_actor())
    retract_poll_vote(post, actor=current_actor(), now=now())
