"""Forms of polls: vote, take the vote back, end the poll."""

from flask import Blueprint, redirect, request
from flask_login import login_required
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.errors import InvalidInput, NotFound
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.constants import is_htmx
from madang.core.web.ids import parse_id
from madang.core.web.request_limits import limited_rate
from madang.posts.fragments.addresses import path_of
from madang.posts.models import Post
from madang.posts.queries.posts import get_post

from .fragments import poll_fragment
from .operations.voting import choices_changed_message, retract_poll_vote, vote_in_poll
from .operations.writing import end_poll

bp = Blueprint("polls", __name__)


@bp.post("/posts/<int:post_id>/poll/votes")
@api_twin("PUT /posts/<int:post_id>/poll/vote")
@login_required
@limited_rate("vote")
def vote(post_id: int) -> AnyResponse | Markup:
    post = get_post(post_id, current_actor())
    vote_in_poll(post, _chosen_ids(), actor=current_actor(), now=now())
    return _show(post)


@bp.post("/posts/<int:post_id>/poll/votes/delete")
@api_twin("DELETE /posts/<int:post_id>/poll/vote")
@login_required
@limited_rate("vote")
def take_back(post_id: int) -> AnyResponse | Markup:
    post = get_post(post_id, current_actor())
    retract_poll_vote(post, actor=current_actor(), now=now())
    return _show(post)


@bp.post("/posts/<int:post_id>/poll/end")
@api_twin("PUT /posts/<int:post_id>/poll/end")
@login_required
def end(post_id: int) -> AnyResponse:
    post = get_post(post_id, current_actor())
    end_poll(post, actor=current_actor(), now=now())
    return redirect(_path_of_poll(post))


def _show(post: Post) -> AnyResponse | Markup:
    """The poll for htmx, else a redirect to it."""
    return poll_fragment(post, current_actor()) if is_htmx() else redirect(_path_of_poll(post))


def _path_of_poll(post: Post) -> str:
    return f"{path_of(post, current_actor()).partition('#')[0]}#poll-{post.id}"


def _chosen_ids() -> list[int]:
    """The ids of the chosen choices. Raises `InvalidInput` (choice_ids)."""
    try:
        return [parse_id(text) for text in request.form.getlist("choice")]
    except NotFound:
        raise InvalidInput(choices_changed_message(), field="choice_ids") from None
