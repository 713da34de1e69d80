"""Pages about tags."""

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response as AnyResponse

from madang.core.db import db
from madang.core.web import mark_cacheable
from madang.posts.pages import list_page

from .models import Tag
from .queries import complete_tag, get_tag

bp = Blueprint("tags", __name__)
TAGS_PER_PAGE = 60


@bp.get("/tags")
def tags() -> str:
    mark_cacheable()
    total = db.session.scalar(select(func.count()).select_from(Tag).where(Tag.post_count > 0)) or 0
    page = list_page(total, TAGS_PER_PAGE)
    shown = select(Tag.name, Tag.excerpt, Tag.post_count).where(Tag.post_count > 0)
    rows = db.session.execute(shown.order_by(Tag.post_count.desc(), Tag.id.desc()).limit(page.size).offset(page.offset))
    return render_template("tags/list.html", rows=rows.all(), page=page)


@bp.get("/tags/<name>")
def tag(name: str) -> AnyResponse:
    return redirect(url_for("posts.questions", tag=get_tag(name).name))


@bp.get("/tags/complete")
def complete() -> Response:
    return jsonify(
        [{"name": row.name, "post_count": row.post_count} for row in complete_tag(request.args.get("q", ""))]
    )
