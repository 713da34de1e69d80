"""Staff pages: the queue of flagged posts and comments, and resolving their flags."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from madang.comments.queries import get_comment
from madang.core.clock import now
from madang.core.db import rollback
from madang.core.errors import Conflict
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.moderation.models import DECLINED, REPLY_MAX, UPHELD
from madang.moderation.operations.deletion_requests import resolve_deletion_request
from madang.moderation.operations.resolving import resolve_flags
from madang.moderation.queries import PER_PAGE, Flaggable, flagged_rows, load_flags
from madang.moderation.sentences import reason_label
from madang.posts.queries.posts import get_post

from .access import paginate, query_id, staff_required

bp = Blueprint("admin_flags", __name__, url_prefix="/admin/flags")


@bp.get("")
@staff_required
def flags() -> str:
    rows = flagged_rows(current_actor(), query_id("before"), PER_PAGE + 1)
    page = paginate(rows, PER_PAGE, "before")
    things = load_flags(page.rows)
    words = {"reason_words": reason_label, "reply_max": REPLY_MAX}
    return render_template("admin/flags.html", things=things, **words, **page.links)


@bp.post("/posts/<int:post_id>")
@api_twin("PUT /admin/flags/posts/<int:post_id>/verdict")
@staff_required
def settle_post(post_id: int) -> AnyResponse:
    return _resolve(get_post(post_id, current_actor()))


@bp.post("/comments/<int:comment_id>")
@api_twin("PUT /admin/flags/comments/<int:comment_id>/verdict")
@staff_required
def settle_comment(comment_id: int) -> AnyResponse:
    return _resolve(get_comment(comment_id, current_actor()))


def _resolve(subject: Flaggable) -> AnyResponse:
    """Resolve the open flags of the subject. If another moderator did so first, flash that and return to the queue."""
    verdict, is_deleted = request.form.get("verdict", ""), request.form.get("delete") == "1"
    try:
        resolve_flags(subject, verdict=verdict, is_deleted=is_deleted, actor=current_actor(), now=now())
    except Conflict as error:
        rollback()
        flash(error.message, "info")
    else:
        flash(_resolution_words(verdict, is_deleted), "success")
    return redirect("/admin/flags")


def _resolution_words(verdict: str, is_deleted: bool) -> str:
    if is_deleted:
        return _("The flags have been accepted, and it has been deleted.")
    return _("The flags have been accepted.") if verdict == UPHELD else _("The flags have been dismissed.")


@bp.post("/posts/<int:post_id>/deletion-request")
@api_twin("PUT /admin/flags/posts/<int:post_id>/deletion-request/verdict")
@staff_required
def settle_request(post_id: int) -> AnyResponse:
    """Decide on a request for deletion. If another moderator did so first, flash that and return to the queue."""
    question, verdict = get_post(post_id, current_actor()), request.form.get("verdict", "")
    reply = request.form.get("reply", "") if verdict == DECLINED else ""
    try:
        resolve_deletion_request(question, verdict=verdict, reply=reply, actor=current_actor(), now=now())
    except Conflict as error:
        rollback()
        flash(error.message, "info")
    else:
        flash(_request_words(verdict), "success")
    return redirect("/admin/flags")


def _request_words(verdict: str) -> str:
    return _("The question has been deleted.") if verdict == UPHELD else _("The request has been declined.")
