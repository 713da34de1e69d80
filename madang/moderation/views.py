"""Flagging posts and comments, by a small page that needs no script."""

from flask import Blueprint, flash, redirect, render_template
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.comments.fragments import comment_path
from madang.comments.queries import get_comment
from madang.core.clock import now
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.limits import limit_rate
from madang.posts.fragments import path_of
from madang.posts.models import Post
from madang.posts.queries.posts import get_post

from .forms import FlagForm
from .models import Flag
from .operations.flagging import flag_thing, require_flagger, take_flag_back
from .queries import Thing, find_open_flag

bp = Blueprint("flags", __name__)


@bp.get("/posts/<int:post_id>/flags")
@login_required
def ask_flag_post(post_id: int) -> str:
    return _ask(get_post(post_id, current_actor()))


@bp.post("/posts/<int:post_id>/flags")
@login_required
def flag_post(post_id: int) -> AnyResponse | tuple[str, int]:
    return _flag(get_post(post_id, current_actor()))


@bp.post("/posts/<int:post_id>/flags/delete")
@login_required
def unflag_post(post_id: int) -> AnyResponse:
    return _take_back(get_post(post_id, current_actor()))


@bp.get("/comments/<int:comment_id>/flags")
@login_required
def ask_flag_comment(comment_id: int) -> str:
    return _ask(get_comment(comment_id, current_actor()))


@bp.post("/comments/<int:comment_id>/flags")
@login_required
def flag_comment(comment_id: int) -> AnyResponse | tuple[str, int]:
    return _flag(get_comment(comment_id, current_actor()))


@bp.post("/comments/<int:comment_id>/flags/delete")
@login_required
def unflag_comment(comment_id: int) -> AnyResponse:
    return _take_back(get_comment(comment_id, current_actor()))


def _ask(thing: Thing) -> str:
    """The form; with what one has said already, while nobody has decided about it."""
    require_flagger(thing, current_actor())
    mine = find_open_flag(thing, current_actor())
    said = {"reason": mine.reason, "note": mine.note} if mine else None
    return _page(thing, FlagForm(data=said, formdata=None), mine)


def _page(thing: Thing, form: FlagForm, mine: Flag | None) -> str:
    return render_template(
        "moderation/flag.html",
        form=form.say(),
        is_post=isinstance(thing, Post),
        path=f"/posts/{thing.id}/flags" if isinstance(thing, Post) else f"/comments/{thing.id}/flags",
        back=_place_of(thing),
        mine=mine,
    )


def _flag(thing: Thing) -> AnyResponse | tuple[str, int]:
    actor, form = current_actor(), FlagForm()
    with form.submitted():
        limit_rate("flag")
        flag_thing(thing, actor=actor, reason=form.text("reason"), note=form.text("note"), now=now())
        flash(_("Thank you. The moderators will look at it, and you are told what they decide."), "success")
        return redirect(_place_of(thing))
    return _page(thing, form, find_open_flag(thing, actor)), form.status


def _take_back(thing: Thing) -> AnyResponse:
    take_flag_back(thing, actor=current_actor())
    flash(_("Your flag is taken back."), "success")
    return redirect(_place_of(thing))


def _place_of(thing: Thing) -> str:
    """Where a thing is read."""
    actor = current_actor()
    return path_of(thing, actor) if isinstance(thing, Post) else comment_path(thing, actor)
