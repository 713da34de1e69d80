"""The search page, and questions that resemble one."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request
from sqlalchemy import Row

from madang.accounts.queries.users import avatar_url
from madang.boards.queries import nav_boards
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.caching import mark_cacheable
from madang.core.web.pagination import list_page
from madang.posts.queries.posts import get_page_row

from .fragments import hits_of
from .queries.search import KINDS, find, people_named, similar_questions, similar_to
from .queries.terms import SearchQuery, read_name, read_query

bp = Blueprint("search", __name__)


@bp.get("/search")
def search() -> str:
    mark_cacheable()
    query, kind = read_query(_asked()), request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    found = find(query, kind)
    page = list_page(len(found.ids), current_app.config["POSTS_PER_PAGE"])
    return render_template(
        "search/results.html",
        query=query,
        kind=kind,
        kinds=_tabs(query, kind),
        page=page,
        found=found,
        board_names={board.id: board.name for board in nav_boards()},
        hits=hits_of(found.ids[page.offset : page.offset + page.size], query.text),
        people=_people(query) if page.number == 1 and not kind else [],
    )


def _asked() -> str:
    return request.args.get("q") or request.args.get("kw") or ""


def _people(query: SearchQuery) -> list[tuple[Row, str | None]]:
    """The people whose name is searched for, each with the address of their picture."""
    return [(row, avatar_url(row.avatar_file)) for row in people_named(read_name(query.text))]


def _tabs(query: SearchQuery, kind: str) -> list[dict[str, Any]]:
    titles = {
        "": _("All"),
        "question": _("Questions"),
        "answer": _("Answers"),
        "comment": _("Comments"),
        "talk": _("Other posts"),
    }
    return [
        {"title": title, "url": f"/search?{_query_string(query, name)}", "current": name == kind}
        for name, title in titles.items()
    ]


def _query_string(query: SearchQuery, kind: str) -> str:
    return urlencode({"q": query.text, **({"kind": kind} if kind else {})})


@bp.get("/posts/similar")
def similar() -> str:
    """Questions that resemble a title while it is typed, as a fragment."""
    return render_template("search/similar.html", questions=similar_questions(request.args.get("title", "")))


@bp.get("/posts/<int:post_id>/similar")
def similar_to_question(post_id: int) -> str:
    """Questions that resemble one, as the panel beside it."""
    question = get_page_row(post_id, current_actor())
    return render_template("search/similar_panel.html", questions=similar_to(question))
