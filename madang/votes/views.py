"""Vote buttons of posts and comments, with and without JavaScript, and the pages that ask before a vote counts."""

from flask import Blueprint, Response, redirect, render_template, request
from flask_login import login_required
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from madang.boards.queries import asks_before_vote
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

from .operations.voting import (
    require_can_vote_on_comment,
    require_can_vote_on_post,
    vote_on_comment,
    vote_on_post,
)

bp = Blueprint("votes", __name__)
VOTES = {"1": 1, "0": 0, "-1": -1}


@bp.get("/posts/<int:post_id>/votes")
@login_required
def ask_vote_post(post_id: int) -> AnyResponse | str:
    """Ask before a vote counts; without a vote in the address, as after a log-in, lead to the post."""
    actor, value = current_actor(), VOTES.get(request.args.get("value", ""), 0)
    post = get_post(post_id, actor)
    if not value:
        return redirect(path_of(post, actor))
    require_can_vote_on_post(actor, post, value)
    text = post.title or get_post(post.parent_id or 0, actor).title
    return _question(value, text, f"/posts/{post.id}/votes", path_of(post, actor))


def _question(value: int, text: str, path: str, back: str) -> str:
    return render_template("votes/ask.html", value=value, text=text, path=path, back=back)


@bp.post("/posts/<int:post_id>/votes")
@api_twin("PUT /posts/<int:post_id>/vote", "DELETE /posts/<int:post_id>/vote")
@login_required
def vote_post(post_id: int) -> AnyResponse | Markup:
    actor, value = current_actor(), submitted_value(VOTES)
    post = get_post(post_id, actor)
    if _must_ask(post.board_id, value):
        return _redirect_to_question(f"/posts/{post.id}/votes", value)
    with limited_rate("vote"):
        vote_on_post(post, value, actor=actor, now=now())
    if is_htmx():
        question = get_post(post.parent_id, actor) if post.parent_id else post
        return vote_fragment(post, value, actor, question)
    return redirect(path_of(post, actor))


def _must_ask(board_id: int, value: int) -> bool:
    """Whether a vote was pressed where the board asks first, and nobody was asked; taking a vote back is not asked."""
    return value != 0 and request.form.get("confirmed") != "1" and asks_before_vote(board_id)


def _redirect_to_question(path: str, value: int) -> AnyResponse:
    """Lead to the page that asks: without a script, or from a page that is older than the setting of the board."""
    path = f"{path}?value={value}"
    return Response(status=204, headers={"HX-Redirect": path}) if is_htmx() else redirect(path, 303)


@bp.get("/comments/<int:comment_id>/votes")
@login_required
def ask_vote_comment(comment_id: int) -> AnyResponse | str:
    """Ask before a vote counts; without a vote in the address, as after a log-in, lead to the comment."""
    actor = current_actor()
    comment = get_comment(comment_id, actor)
    back = comment_path(comment, actor)
    if request.args.get("value") != "1":
        return redirect(back)
    require_can_vote_on_comment(actor, comment, get_post(comment.post_id, actor))
    return _question(1, comment.body, f"/comments/{comment.id}/votes", back)


@bp.post("/comments/<int:comment_id>/votes")
@api_twin("PUT /comments/<int:comment_id>/vote", "DELETE /comments/<int:comment_id>/vote")
@login_required
def vote_comment(comment_id: int) -> AnyResponse | Markup:
    actor, value = current_actor(), submitted_value(VOTES)
    comment = get_comment(comment_id, actor)
    post = get_post(comment.post_id, actor)
    if _must_ask(post.board_id, value):
        return _redirect_to_question(f"/comments/{comment.id}/votes", value)
    with limited_rate("vote"):
        vote_on_comment(comment, value, actor=actor, now=now())
    if is_htmx():
        return comment_votes_fragment(comment, post, value)
    return redirect(comment_path(comment, actor))
