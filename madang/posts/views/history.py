"""The page of a post's revisions, the page of one of them, and reverting to it."""

from itertools import zip_longest
from typing import TypedDict

from flask import Blueprint, redirect, render_template
from flask_login import login_required
from markupsafe import Markup
from sqlalchemy import Row
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.pagination import list_page
from madang.core.web.request_limits import limited_rate

from ..fragments.addresses import path_of
from ..fragments.changes import changes_fragment
from ..operations.editing import revert_post
from ..policies import can_edit_post
from ..queries.diff import PREVIEW, WHOLE
from ..queries.posts import get_post
from ..queries.revisions import get_revision, get_revision_row, revision_count, revision_rows

bp = Blueprint("history", __name__)
REVISIONS_PER_PAGE = 10


class RevisionChanges(TypedDict):
    """Changes since the previous revision; None where a title, the tags or the text did not change."""

    title: tuple[str, str] | None
    tags: tuple[str, str] | None
    body: Markup | None


@bp.get("/posts/<int:post_id>/revisions")
def show(post_id: int) -> str:
    actor = current_actor()
    post = get_post(post_id, actor)
    page = list_page(revision_count(post), REVISIONS_PER_PAGE)
    rows = revision_rows(post, page)
    pairs = list(zip_longest(rows, rows[1:]))[: page.size]
    changes = [(row, _changes(post.id, row, previous)) for row, previous in pairs]
    return render_template(
        "posts/revisions.html",
        post=post,
        changes=changes,
        page=page,
        can_edit=can_edit_post(actor, post),
        back=path_of(post, current_actor()),
    )


def _changes(post_id: int, row: Row, previous: Row | None) -> RevisionChanges:
    whole = f"/posts/{post_id}/revisions/{row.number}"
    if previous is None:
        return {"title": None, "tags": None, "body": changes_fragment("", row.body, PREVIEW, whole)}
    is_same_body = previous.body == row.body
    return {
        "title": (previous.title, row.title) if previous.title != row.title else None,
        "tags": (previous.tag_names, row.tag_names) if previous.tag_names != row.tag_names else None,
        "body": None if is_same_body else changes_fragment(previous.body, row.body, PREVIEW, whole),
    }


@bp.get("/posts/<int:post_id>/revisions/<int:number>")
def show_one(post_id: int, number: int) -> str:
    post = get_post(post_id, current_actor())
    row = get_revision_row(post_id, number)
    changes = changes_fragment(row.previous_body or "", row.body, WHOLE)
    return render_template("posts/revision.html", post=post, row=row, changes=changes)


@bp.post("/posts/<int:post_id>/revisions/<int:number>/revert")
@api_twin("POST /posts/<int:post_id>/revisions/<int:number>/revert")
@login_required
@limited_rate("post")
def revert(post_id: int, number: int) -> AnyResponse:
    actor = current_actor()
    post = get_post(post_id, actor)
    revert_post(post, get_revision(post, number), actor=actor, now=now())
    return redirect(path_of(post, current_actor()))
