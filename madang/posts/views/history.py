"""The page of a post's revisions, and reverting to one of them."""

from itertools import zip_longest
from typing import TypedDict

from flask import Blueprint, redirect, render_template
from flask_login import login_required
from sqlalchemy import Row
from werkzeug.wrappers import Response as AnyResponse

from madang.core.clock import now
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.pagination import list_page
from madang.core.web.request_limits import limited_rate

from ..fragments.addresses import path_of
from ..operations.editing import revert_post
from ..policies import can_edit_post
from ..queries.diff import DiffLine, diff_lines
from ..queries.posts import get_post
from ..queries.revisions import get_revision, revision_count, revision_rows

bp = Blueprint("history", __name__)
REVISIONS_PER_PAGE = 10  # comparing two long texts takes a tenth of a second


class RevisionChanges(TypedDict):
    """Changes since the previous revision; None where a title or the tags did not change."""

    title: tuple[str, str] | None
    tags: tuple[str, str] | None
    lines: list[DiffLine]


@bp.get("/posts/<int:post_id>/revisions")
def show(post_id: int) -> str:
    actor = current_actor()
    post = get_post(post_id, actor)
    page = list_page(revision_count(post), REVISIONS_PER_PAGE)
    rows = revision_rows(post, page)
    pairs = list(zip_longest(rows, rows[1:]))[: page.size]
    changes = [(row, _changes(row, previous)) for row, previous in pairs]
    return render_template(
        "posts/revisions.html",
        post=post,
        changes=changes,
        page=page,
        can_edit=can_edit_post(actor, post),
        back=path_of(post, current_actor()),
    )


def _changes(row: Row, previous: Row | None) -> RevisionChanges:
    if previous is None:
        return {"title": None, "tags": None, "lines": diff_lines("", row.body)}
    return {
        "title": (previous.title, row.title) if previous.title != row.title else None,
        "tags": (previous.tag_names, row.tag_names) if previous.tag_names != row.tag_names else None,
        "lines": diff_lines(previous.body, row.body) if previous.body != row.body else [],
    }


@bp.post("/posts/<int:post_id>/revisions/<int:number>/revert")
@api_twin("POST /posts/<int:post_id>/revisions/<int:number>/revert")
@login_required
@limited_rate("post")
def revert(post_id: int, number: int) -> AnyResponse:
    actor = current_actor()
    post = get_post(post_id, actor)
    revert_post(post, get_revision(post, number), actor=actor, now=now())
    return redirect(path_of(post, current_actor()))
