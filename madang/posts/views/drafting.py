"""The list of drafts, and endpoints of the editor's JavaScript: preview, store a draft, upload a picture."""

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from madang.boards.queries import visible_boards
from madang.core.clock import now
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.request_limits import limit_rate, limited_rate
from madang.core.web.urls import safe_path

from ..fragments.drafts import draft_entries
from ..fragments.slots import part_names
from ..operations.drafting import DRAFT_NAMES, discard_draft, save_draft
from ..operations.pictures import attach_picture
from ..operations.rendering import render_preview

bp = Blueprint("drafting", __name__)
SAVED_AT_HEADER = "Draft-Saved-At"  # milliseconds since 1970
POSTED_COOKIE, POSTED_COOKIE_SECONDS = "posted_draft", 600


@bp.post("/posts/preview")
@api_twin("POST /preview")
@login_required
def preview() -> str:
    limit_rate("preview")
    slug = request.form.get("board", "")
    uses_math = any(board.uses_math for board in visible_boards(current_actor()) if board.slug == slug)
    return render_preview(request.form.get("body", ""), uses_math=uses_math)


@bp.post("/posts/drafts")
@api_twin("PUT /drafts/<place>")
@login_required
@limited_rate("draft")
def draft() -> Response:
    names = (*DRAFT_NAMES, *part_names())
    fields = {name: request.form.get(name, "") for name in names if name in request.form}
    moment = now()
    save_draft(current_actor(), request.form.get("key", ""), fields, now=moment)
    return Response(status=204, headers={SAVED_AT_HEADER: str(int(moment.timestamp() * 1000))})


@bp.get("/drafts")
@login_required
def drafts() -> str:
    return render_template("posts/drafts.html", drafts=draft_entries(current_actor()))


@bp.post("/drafts/discard")
@api_twin("DELETE /drafts/<place>")
@login_required
def discard() -> AnyResponse:
    discard_draft(current_actor(), request.form.get("place", ""))
    return redirect(safe_path(request.form.get("next")) or url_for("drafting.drafts"))


def redirect_after_posting(path: str, place: str) -> AnyResponse:
    """Redirect to a post; the cookie tells the script that the browser's copy of the text is not needed any more."""
    response = redirect(path)
    response.set_cookie(POSTED_COOKIE, place, max_age=POSTED_COOKIE_SECONDS, samesite="Lax", secure=request.is_secure)
    return response


@bp.post("/files")
@api_twin("POST /files")
@login_required
def upload() -> tuple[Response, int]:
    limit_rate("upload")
    file = request.files.get("file")
    if file is None:
        raise InvalidInput(_("Please choose a picture."), field="file")
    picture = attach_picture(file.stream, actor=current_actor(), now=now())
    fields = {
        "id": picture.id,
        "url": picture.url,
        "thumbnail_url": picture.thumbnail_url,
        "width": picture.width,
        "height": picture.height,
        "type": picture.content_type,
        "size": picture.byte_count,
        "markdown": picture.markdown(),
    }
    return jsonify(fields), 201
