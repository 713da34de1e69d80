"""Pages to flag posts and comments, and to withdraw a flag."""

from flask import Blueprint, flash, redirect, render_template
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.comments.fragments import comment_path
from madang.comments.queries import get_comment
from madang.core.clock import now
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.request_limits import limited_rate
from madang.posts.fragments.addresses import path_of
from madang.posts.models import Post
from madang.posts.queries.posts import get_post

from .forms import FlagForm
from .models import Flag
from .operations.flagging import flag_content, require_flagger, withdraw_flag
from .queries import Flaggable, find_open_flag

bp = Blueprint("flags", __name__)


@bp.get("/posts/<int:post_id>/flags")
@login_required
def ask_flag_post(post_id: int) -> str:
    return _ask_flag(get_post(post_id, current_actor()))


@bp.post("/posts/<int:post_id>/flags")
@api_twin("PUT /posts/<int:post_id>/flag")
@login_required
def flag_post(post_id: int) -> AnyResponse | tuple[str, int]:
    return _flag(get_post(post_id, current_actor()))


@bp.post("/posts/<int:post_id>/flags/delete")
@api_twin("DELETE /posts/<int:post_id>/flag")
@login_required
def unflag_post(post_id: int) -> AnyResponse:
    return _withdraw(get_post(post_id, current_actor()))


@bp.get("/comments/<int:comment_id>/flags")
@login_required
def ask_flag_comment(comment_id: int) -> str:
    return _ask_flag(get_comment(comment_id, current_actor()))


@bp.post("/comments/<int:comment_id>/flags")
@api_twin("PUT /comments/<int:comment_id>/flag")
@login_required
def flag_comment(comment_id: int) -> AnyResponse | tuple[str, int]:
    return _flag(get_comment(comment_id, current_actor()))


@bp.post("/comments/<int:comment_id>/flags/delete")
@api_twin("DELETE /comments/<int:comment_id>/flag")
@login_required
def unflag_comment(comment_id: int) -> AnyResponse:
    return _withdraw(get_comment(comment_id, current_actor()))


def _ask_flag(subject: Flaggable) -> str:
    """Show the form, filled with the actor's open flag if there is one."""
    require_flagger(subject, current_actor())
    mine = find_open_flag(subject, current_actor())
    data = {"reason": mine.reason, "note": mine.note} if mine else None
    return _page(subject, FlagForm(data=data, formdata=None), mine)


def _page(subject: Flaggable, form: FlagForm, mine: Flag | None) -> str:
    return render_template(
        "moderation/flag.html",
        form=form.set_labels(),
        is_post=isinstance(subject, Post),
        path=f"/posts/{subject.id}/flags" if isinstance(subject, Post) else f"/comments/{subject.id}/flags",
        back=_subject_path(subject),
        mine=mine,
    )


def _flag(subject: Flaggable) -> AnyResponse | tuple[str, int]:
    actor, form = current_actor(), FlagForm()
    with form.submitted(), limited_rate("flag"):
        flag_content(subject, actor=actor, reason=form.text("reason"), note=form.text("note"), now=now())
        flash(_("Thank you. The moderators will look at it and let you know what they decide."), "success")
        return redirect(_subject_path(subject))
    return _page(subject, form, find_open_flag(subject, actor)), form.status


def _withdraw(subject: Flaggable) -> AnyResponse:
    withdraw_flag(subject, actor=current_actor())
    flash(_("Your flag has been withdrawn."), "success")
    return redirect(_subject_path(subject))


def _subject_path(subject: Flaggable) -> str:
    """The path where a post or comment is read."""
    actor = current_actor()
    return path_of(subject, actor) if isinstance(subject, Post) else comment_path(subject, actor)
