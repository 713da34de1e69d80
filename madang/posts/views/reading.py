"""Pages to read: home, boards, questions, and the page of a post."""

import json
import re
from typing import TypedDict

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Row
from werkzeug.wrappers import Response as AnyResponse

from madang.boards.queries import boards_of, get_board, visible_boards
from madang.core.actor import Actor
from madang.core.db.pagination import Page
from madang.core.i18n import _
from madang.core.settings import setting
from madang.core.web.actor import current_actor
from madang.core.web.caching import VIEWED_POST_HEADER, mark_cacheable
from madang.core.web.fragment_cache import cached_markup, render_macro
from madang.core.web.page_metadata import StructuredData, breadcrumb_list
from madang.core.web.pagination import list_page, page_number
from madang.following.fragments import feed_page, shows_following, suggestions
from madang.following.models import BOARD
from madang.tags.models import Tag
from madang.tags.queries.tags import get_tag

from ..forms import AnswerForm
from ..fragments.addresses import answer_path, post_path
from ..fragments.lists import row_fragments, tile_fragments
from ..fragments.pages import main_fragment, post_fragments, whole_ids
from ..fragments.structured_data import first_picture, post_data
from ..models import POST_KIND_BY_BOARD_KIND
from ..policies import can_answer, can_moderate, can_post_on
from ..queries.answers import ANSWER_SORTS, ANSWERS_PER_PAGE, answer_rows
from ..queries.links import linked_posts
from ..queries.listing import SORTS, listing_of, newest_rows, page_rows, pinned_rows
from ..queries.panels import top_answerers_of_week, unanswered_questions
from ..queries.posts import PageRow, get_page_row, get_post

bp = Blueprint("posts", __name__)
NEWEST_ON_HOME = 20
Panels = tuple[tuple[Row, ...], tuple[Row, ...]]


class ListContext(TypedDict):
    """The variables of a page that lists posts; `rows` are rendered."""

    rows: Markup
    page: Page
    sort: str
    panels: Panels


class Tab(TypedDict):
    title: str
    url: str
    current: bool


@bp.get("/")
def home() -> str:
    """The newest posts; for members the feed of what they follow, or the newest posts while it is empty."""
    mark_cacheable()
    actor, wants_newest = current_actor(), request.args.get("show") == "newest"
    feed = None if actor.is_anonymous or wants_newest else feed_page(actor, None, NEWEST_ON_HOME)
    has_feed = bool(feed and feed.rows)
    return render_template(
        "posts/home.html",
        feed=feed,
        rows="" if has_feed else row_fragments(newest_rows(NEWEST_ON_HOME, actor)),
        suggestions=[] if has_feed or feed is None else suggestions(actor),
        panels=_panels(actor),
    )


@bp.get("/boards")
def boards() -> str:
    mark_cacheable()
    return render_template("posts/boards.html", boards=visible_boards(current_actor()))


@bp.get("/boards/<slug>")
def board(slug: str) -> str:
    mark_cacheable()
    actor = current_actor()
    board = get_board(slug, actor)
    rows = [row for row in visible_boards(actor) if row.id == board.id]
    context = _list_context(POST_KIND_BY_BOARD_KIND[board.kind], rows, is_every_board=False)
    pinned_posts = pinned_rows(board.id) if context["page"].number == 1 else []
    return render_template(
        "posts/list.html",
        board=board,
        heading=board.name,
        lead=board.description,
        pinned=tile_fragments(pinned_posts) if board.kind == "gallery" else row_fragments(pinned_posts),
        orders=_sort_tabs(context["sort"], board.kind),
        can_write=can_post_on(actor, board.kind, is_archived=board.is_archived),
        is_followed=shows_following(actor, BOARD, board.id),
        **context,
    )


@bp.get("/questions")
def questions() -> str | AnyResponse:
    if words := request.args.get("q") or request.args.get("kw"):
        return redirect(url_for("search.search", q=words, kind="question"))
    mark_cacheable()
    actor = current_actor()
    tag = get_tag(request.args["tag"], actor) if request.args.get("tag") else None
    context = _list_context("question", boards_of("qa", actor), is_every_board=True, tag=tag)
    orders = [] if tag else _sort_tabs(context["sort"], "qa")
    return render_template(
        "posts/list.html",
        board=None,
        heading=_("Questions"),
        lead="",
        pinned="",
        orders=orders,
        tag=tag,
        can_write=can_post_on(actor, "qa"),
        **context,
    )


def _list_context(kind: str, boards: list[Row], *, is_every_board: bool, tag: Tag | None = None) -> ListContext:
    """The rows, order and side panels of the requested page of a list."""
    sort = request.args.get("sort", "newest")
    sort = sort if sort in SORTS and (sort != "unanswered" or kind == "question") else "newest"
    actor = current_actor()
    listing = listing_of(kind, boards, actor, sort=sort, tag=tag, is_every_board=is_every_board)
    page = list_page(listing.total, setting("POSTS_PER_PAGE"))
    is_numbered = sort == "newest" and kind != "question"  # of a question it would read as its id
    first_number = listing.total - page.offset if is_numbered else None
    posts = page_rows(listing, page) if listing.board_ids else []
    rows = tile_fragments(posts) if kind == "gallery" else row_fragments(posts, first_number)
    return {"rows": rows, "page": page, "sort": sort, "panels": _panels(actor)}


def _panels(actor: Actor) -> Panels:
    return tuple(unanswered_questions(actor)), tuple(top_answerers_of_week(actor))


def _sort_tabs(sort: str, board_kind: str) -> list[Tab]:
    titles = {"newest": _("Newest"), "active": _("Active"), "votes": _("Most votes")}
    if board_kind == "qa":
        titles["unanswered"] = _("Unanswered")
    path = request.path
    return [
        {"title": title, "url": path if name == "newest" else f"{path}?sort={name}", "current": name == sort}
        for name, title in titles.items()
    ]


@bp.get("/posts/<int:post_id>")
@bp.get("/posts/<int:post_id>/<slug>")
def show(post_id: int, slug: str | None = None) -> Response | AnyResponse:
    actor = current_actor()
    post = get_page_row(post_id, actor)
    if post.parent_id is not None:
        return redirect(answer_path(get_post(post_id, actor), actor))
    mark_cacheable()
    response = current_app.make_response(render_post(post))
    response.headers[VIEWED_POST_HEADER] = str(post.id)
    return response


@bp.get("/questions/<int:post_id>")
def question(post_id: int) -> AnyResponse:
    return redirect(url_for("posts.show", post_id=post_id), 301)


def render_post(post: PageRow, form: AnswerForm | None = None) -> str:
    """The page of a post other than an answer; `form` is an answer that was refused or is not complete."""
    actor = current_actor()
    sort = request.args.get("sort", "votes")
    sort = sort if sort in ANSWER_SORTS else "votes"
    number = min(page_number(request.args.get("page")), -(-post.answer_count // ANSWERS_PER_PAGE) or 1)
    answers = answer_rows(post, actor, sort=sort, page=number) if post.kind == "question" else []
    whole = whole_ids(answers, _id_argument("whole"))
    shortened = {answer.id: _whole_url(answer, sort, number) for answer in answers if answer.id not in whole}
    links = linked_posts(post.id, actor)
    board = next((board for board in visible_boards(actor) if board.id == post.board_id), None)
    return render_template(
        "posts/show.html",
        post=post,
        page_address=post_path(post),
        card_picture=first_picture(post) if actor.is_anonymous else None,
        schema_items=_schema_items(post, [each for each in answers if each.id in whole], board)
        if actor.is_anonymous
        else [],
        main=main_fragment(
            post,
            post_fragments([post, *answers], post, actor, _id_argument("comments"), shortened),
            sort=sort,
            page=list_page(post.answer_count, ANSWERS_PER_PAGE),
            originals=[row for row in links if row.is_original] if post.close_reason == "duplicate" else [],
            can_moderate=can_moderate(actor),
        ),
        board=board,
        links=links,
        can_answer=post.kind == "question" and can_answer(actor, post),
        answer_box=_answer_box(post, form, board) if actor.is_authenticated else "",
    )


def _schema_items(post: PageRow, answers: list[PageRow], board: Row | None) -> list[StructuredData]:
    place = [(board.name, f"/boards/{board.slug}")] if board else []
    return [post_data(post, answers), breadcrumb_list(*place, (post.title, post_path(post)))]


def _id_argument(name: str) -> int:
    """The id of a post in the query: `comments` to show all its comments, `whole` to show all its text; 0 if none."""
    text = request.args.get(name, "")
    return int(text) if re.fullmatch("[0-9]{1,19}", text) else 0


def _whole_url(answer: PageRow, sort: str, page: int) -> str:
    """The address of this page with the whole text of one of its answers."""
    return (
        f"{url_for('posts.show', post_id=answer.parent_id, sort=sort, page=page, whole=answer.id)}#answer-{answer.id}"
    )


def _answer_box(post: PageRow, form: AnswerForm | None, board: Row | None) -> Markup:
    """The rendered answer form: `form` as it was sent, or a new one with the reader's draft."""

    saved_at = None if form else post.draft_saved_at

    def box() -> Markup:
        answer_form = form or AnswerForm(data=json.loads(post.draft or "{}"), formdata=None)
        return render_macro(
            "posts/answer_form.html",
            "answer_form",
            post.id,
            answer_form.set_labels(),
            saved_at,
            board.slug if board else None,
        )

    board_key = (board.slug, board.uses_math) if board else None
    return cached_markup(("answer box", post.id, post.draft, saved_at, board_key), box) if form is None else box()
