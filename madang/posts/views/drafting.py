"""Endpoints of the editor's JavaScript: preview, store a draft, upload a picture."""

from flask import Blueprint, Response, jsonify, request
from flask_login import login_required

from madang.core.clock import now
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.request_limits import limit_rate

from ..fragments.slots import part_names
from ..operations.drafting import DRAFT_NAMES, save_draft
from ..operations.pictures import attach_picture
from ..operations.rendering import render_preview

bp = Blueprint("drafting", __name__)


@bp.post("/posts/preview")
@api_twin("POST /preview")
@login_required
def preview() -> str:
    limit_rate("preview")
    return render_preview(request.form.get("body", ""))


@bp.post("/posts/drafts")
@api_twin("PUT /drafts/<place>")
@login_required
def draft() -> Response:
    limit_rate("draft")
    names = (*DRAFT_NAMES, *part_names())
    fields = {name: request.form.get(name, "") for name in names if name in request.form}
    save_draft(current_actor(), request.form.get("key", ""), fields, now=now())
    return Response(status=204)


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
