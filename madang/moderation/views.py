"""Pages to flag posts and comments, to ask for the deletion of one's own question, and to withdraw both."""

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
from madang.posts.policies import can_delete_post
from madang.posts.queries.answers import is_answered_by_others
from madang.posts.queries.posts import get_post

from .forms import DeletionRequestForm, FlagForm
from .models import Flag
from .operations.deletion_requests import request_deletion, require_deletion_requester, withdraw_deletion_request
from .operations.flagging import flag_content, require_flagger, withdraw_flag
from .policies import can_request_deletion
from .queries import Flaggable, find_deletion_request, find_open_flag

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


@bp.get("/posts/<int:post_id>/deletion-request")
@login_required
def ask_request_deletion(post_id: int) -> AnyResponse | str:
    """Show the form with the open request or the last decision; whoever can delete it and never asked is led there."""
    actor = current_actor()
    question = get_post(post_id, actor)
    mine = find_deletion_request(question, actor)
    if mine is None:
        if can_delete_post(actor, question, is_answered_by_others=is_answered_by_others(question)):
            return redirect(f"/posts/{question.id}/delete")
        require_deletion_requester(question, actor)
    note = mine.note if mine and mine.is_open else ""
    return _request_page(question, DeletionRequestForm(data={"note": note}, formdata=None), mine)


def _request_page(question: Post, form: DeletionRequestForm, mine: Flag | None) -> str:
    is_answered = is_answered_by_others(question)
    return render_template(
        "moderation/deletion_request.html",
        form=form.set_labels(),
        question=question,
        mine=mine,
        can_ask=can_request_deletion(current_actor(), question, is_answered_by_others=is_answered),
        back=path_of(question, current_actor()),
    )


@bp.post("/posts/<int:post_id>/deletion-request")
@api_twin("PUT /posts/<int:post_id>/deletion-request")
@login_required
def send_deletion_request(post_id: int) -> AnyResponse | tuple[str, int]:
    actor, form = current_actor(), DeletionRequestForm()
    question = get_post(post_id, actor)
    with form.submitted():
        require_deletion_requester(question, actor)
        with limited_rate("flag"):
            request_deletion(question, actor=actor, note=form.text("note"), now=now())
        flash(_("Thank you. The moderators will look at it and let you know what they decide."), "success")
        return redirect(path_of(question, actor))
    return _request_page(question, form, find_deletion_request(question, actor)), form.status


@bp.post("/posts/<int:post_id>/deletion-request/delete")
@api_twin("DELETE /posts/<int:post_id>/deletion-request")
@login_required
def drop_deletion_request(post_id: int) -> AnyResponse:
    question = get_post(post_id, current_actor())
    withdraw_deletion_request(question, actor=current_actor())
    flash(_("Your request has been withdrawn."), "success")
    return redirect(path_of(question, current_actor()))
