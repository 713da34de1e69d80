"""Vote buttons of posts and comments, with and without JavaScript."""

from flask import Blueprint, redirect
from flask_login import login_required
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from madang.comments.fragments import comment_path, comment_votes_fragment
from madang.comments.queries import get_comment
from madang.core.clock import now
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.constants import is_htmx
from madang.core.web.forms import submitted_value
from madang.core.web.request_limits import limited_rate
from madang.posts.fragments.addresses import path_of
from madang.posts.fragments.pages import vote_fragment
from madang.posts.queries.posts import get_post

from .operations.voting import vote_on_comment, vote_on_post

bp = Blueprint("votes", __name__)
VOTES = {"1": 1, "0": 0, "-1": -1}


@bp.post("/posts/<int:post_id>/votes")
@api_twin("PUT /posts/<int:post_id>/vote", "DELETE /posts/<int:post_id>/vote")
@login_required
@limited_rate("vote")
def vote_post(post_id: int) -> AnyResponse | Markup:
    actor, value = current_actor(), submitted_value(VOTES)
    post = get_post(post_id, actor)
    vote_on_post(post, value, actor=actor, now=now())
    if is_htmx():
        question = get_post(post.parent_id, actor) if post.parent_id else post
        return vote_fragment(post, value, actor, question)
    return redirect(path_of(post, actor))


@bp.post("/comments/<int:comment_id>/votes")
@api_twin("PUT /comments/<int:comment_id>/vote", "DELETE /comments/<int:comment_id>/vote")
@login_required
@limited_rate("vote")
def vote_comment(comment_id: int) -> AnyResponse | Markup:
    value = submitted_value(VOTES)
    comment = get_comment(comment_id, current_actor())
    score = vote_on_comment(comment, value, actor=current_actor(), now=now())
    if is_htmx():
        return comment_votes_fragment(comment.id, score, value)
    return redirect(comment_path(comment, current_actor()))
