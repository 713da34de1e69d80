"""Pages of tags: list, show, complete, describe."""

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField, TextAreaField

from madang.core.errors import require
from madang.core.i18n import _
from madang.core.settings import setting
from madang.core.text import clean_line
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.caching import mark_cacheable
from madang.core.web.forms import Form
from madang.core.web.pagination import list_page
from madang.following.fragments import shows_following
from madang.following.models import TAG
from madang.posts.fragments.lists import row_fragments
from madang.posts.queries.listing import listing_of, page_rows

from .models import Tag
from .operations.describing import describe_tag
from .policies import can_describe_tag
from .queries.listing import MAX_FILTER_LENGTH, count_tags, tag_rows
from .queries.tags import complete_tag, get_tag

bp = Blueprint("tags", __name__)
TAGS_PER_PAGE = 60


class TagForm(Form):
    excerpt = StringField("excerpt")
    description = TextAreaField("description")

    def set_labels(self) -> "TagForm":
        self.excerpt.label.text = _("Summary")
        self.description.label.text = _("Description")
        return self


@bp.get("/tags")
def tags() -> str:
    mark_cacheable()
    words = clean_line(request.args.get("q", ""))[:MAX_FILTER_LENGTH]
    actor = current_actor()
    page = list_page(count_tags(words, actor), TAGS_PER_PAGE)
    return render_template("tags/list.html", rows=tag_rows(words, actor, page), page=page, words=words)


@bp.get("/tags/<name>")
def tag(name: str) -> str | AnyResponse:
    tag = get_tag(name, current_actor())
    return _page(tag) if tag.name == name else redirect(url_for("tags.tag", name=tag.name))


def _page(tag: Tag) -> str:
    mark_cacheable()
    actor = current_actor()
    listing = listing_of("question", [], actor, sort="newest", tag=tag)
    page = list_page(listing.total, setting("POSTS_PER_PAGE"))
    rows = row_fragments(page_rows(listing, page))
    abilities = {"can_describe": can_describe_tag(actor), "is_followed": shows_following(actor, TAG, tag.id)}
    return render_template("tags/show.html", tag=tag, rows=rows, page=page, **abilities)


@bp.get("/tags/complete")
def complete() -> Response | str | AnyResponse:
    """Tags that begin with `q`, as JSON. Without `q`, the page of a tag named `complete`."""
    if "q" not in request.args:
        return tag("complete")
    return jsonify(
        [{"name": row.name, "post_count": row.post_count} for row in complete_tag(request.args["q"], current_actor())]
    )


@bp.get("/tags/<name>/edit")
@login_required
def edit(name: str) -> str:
    tag = get_tag(name, current_actor())
    require(can_describe_tag(current_actor()), _("Only moderators can describe tags."))
    form = TagForm(data={"excerpt": tag.excerpt, "description": tag.description}, formdata=None)
    return render_template("tags/edit.html", tag=tag, form=form.set_labels())


@bp.post("/tags/<name>/edit")
@api_twin("PATCH /tags/<name>")
@login_required
def save(name: str) -> AnyResponse | tuple[str, int]:
    tag, form = get_tag(name, current_actor()), TagForm()
    with form.submitted():
        words = {field: form.text(field) for field in ("excerpt", "description")}
        describe_tag(tag, actor=current_actor(), **words)
        return redirect(url_for("tags.tag", name=tag.name))
    return render_template("tags/edit.html", tag=get_tag(name, current_actor()), form=form.set_labels()), form.status
