"""Pages and fragments of the search, and of similar questions."""

from typing import TypedDict
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from sqlalchemy import Row

from madang.accounts.queries.users import avatar_url
from madang.boards.queries import visible_boards
from madang.core.i18n import _
from madang.core.settings import setting
from madang.core.web.actor import current_actor
from madang.core.web.caching import mark_cacheable
from madang.core.web.pagination import list_page
from madang.posts.queries.posts import get_page_row

from .fragments import hits_of
from .queries.search import KINDS, people_named, search_documents
from .queries.similar import similar_questions, similar_to
from .queries.terms import SearchQuery, parse_name, parse_query

bp = Blueprint("search", __name__)


@bp.get("/search")
def search() -> str:
    mark_cacheable()
    query, kind = parse_query(_query_text()), request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    actor = current_actor()
    results = search_documents(query, actor, kind)
    page = list_page(len(results.ids), setting("POSTS_PER_PAGE"))
    return render_template(
        "search/results.html",
        query=query,
        kind=kind,
        kinds=_tabs(query, kind),
        page=page,
        found=results,
        board_names={board.id: board.name for board in visible_boards(actor)},
        hits=hits_of(results.ids[page.offset : page.offset + page.size], query.text, actor),
        people=_people(query) if page.number == 1 and not kind else [],
    )


def _query_text() -> str:
    return request.args.get("q") or request.args.get("kw") or ""


def _people(query: SearchQuery) -> list[tuple[Row, str | None]]:
    """The people whose names match the query, each with the address of their avatar."""
    return [(row, avatar_url(row.avatar_file)) for row in people_named(parse_name(query.text))]


class Tab(TypedDict):
    """A tab of the search page that filters the results by kind."""

    title: str
    url: str
    current: bool


def _tabs(query: SearchQuery, kind: str) -> list[Tab]:
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
    """Fragment with questions similar to a title while it is typed."""
    questions = similar_questions(request.args.get("title", ""), current_actor())
    return render_template("search/similar.html", questions=questions)


@bp.get("/posts/<int:post_id>/similar")
def similar_to_question(post_id: int) -> str:
    """Panel with questions similar to the one beside it."""
    actor = current_actor()
    questions = similar_to(get_page_row(post_id, actor), actor)
    return render_template("search/similar_panel.html", questions=questions)
