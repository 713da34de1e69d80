"""Pages of the feed and of lists of follows, and the endpoints of the follow button."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from markupsafe import Markup
from sqlalchemy import Row
from werkzeug.wrappers import Response as AnyResponse

from madang.accounts.models import User
from madang.accounts.queries.users import avatar_url, get_user
from madang.boards.queries import get_board
from madang.core.clock import now
from madang.core.db.pagination import parse_cursor
from madang.core.i18n import _
from madang.core.web.actor import current_actor
from madang.core.web.api_twins import api_twin
from madang.core.web.caching import mark_cacheable
from madang.core.web.constants import is_htmx
from madang.core.web.forms import submitted_toggle
from madang.core.web.ids import parse_id
from madang.core.web.request_limits import limited_rate
from madang.core.web.suspension import allowed_while_suspended
from madang.core.web.urls import return_path
from madang.posts.fragments.addresses import post_path
from madang.posts.queries.panels import top_answerers_of_week, unanswered_questions
from madang.tags.queries.tags import get_tag

from .fragments import board_path, button, feed_page, follow_states, person_path, suggestions, tag_path
from .models import BOARD, KINDS, PERSON, QUESTION, TAG, Followable, Target, target_of
from .operations.following import follow, unfollow
from .policies import can_see_private_follows
from .queries import followers_of, get_question, people_followed_by, subjects_followed_by

bp = Blueprint("following", __name__)
PEOPLE_PER_PAGE = 36
LOOKS = ("quiet", "small", "card")


@bp.post("/users/<username>/follow")
@api_twin("PUT /users/<username>/follow", "DELETE /users/<username>/follow")
@login_required
@allowed_while_suspended  # to unfollow; the operation refuses to follow
def follow_person(username: str) -> AnyResponse | Markup:
    person = get_user(username, current_actor())
    return _set_following(person, person_path(person.username))


@bp.post("/tags/<name>/follow")
@api_twin("PUT /tags/<name>/follow", "DELETE /tags/<name>/follow")
@login_required
@allowed_while_suspended  # to unfollow; the operation refuses to follow
def follow_tag(name: str) -> AnyResponse | Markup:
    tag = get_tag(name, current_actor())
    return _set_following(tag, tag_path(tag.name))


@bp.post("/boards/<slug>/follow")
@api_twin("PUT /boards/<slug>/follow", "DELETE /boards/<slug>/follow")
@login_required
@allowed_while_suspended  # to unfollow; the operation refuses to follow
def follow_board(slug: str) -> AnyResponse | Markup:
    board = get_board(slug, current_actor())
    return _set_following(board, board_path(board.slug))


@bp.post("/posts/<int:post_id>/follow")
@api_twin("PUT /posts/<int:post_id>/follow", "DELETE /posts/<int:post_id>/follow")
@login_required
@allowed_while_suspended  # to unfollow; the operation refuses to follow
def follow_question(post_id: int) -> AnyResponse | Markup:
    question = get_question(post_id, current_actor())
    return _set_following(question, f"/posts/{question.id}", post_path(question))


@limited_rate("follow")
def _set_following(subject: Followable, path: str, page: str = "") -> AnyResponse | Markup:
    """Follow (form value 1) or unfollow (0) a subject; `path` is its address for the button.

    Returns the new button to htmx, else a redirect.
    """
    actor, should_follow = current_actor(), submitted_toggle()
    if should_follow:
        follow(subject, actor=actor, now=now())
    else:
        unfollow(subject, actor=actor)
    if is_htmx():
        look = request.form.get("look", "")
        return button(
            path, button_name(target_of(subject)), is_followed=should_follow, look=look if look in LOOKS else ""
        )
    return redirect(return_path() if request.referrer else page or path)


@bp.app_template_global("follow_name")
def button_name(target: Target | tuple[str, int]) -> str:
    """The name that makes a button unique on its page."""
    return f"{target[0]}-{target[1]}"


@bp.get("/feed")
@login_required
def feed() -> str:
    actor, before = current_actor(), parse_cursor(request.args.get("before", ""))
    page = feed_page(actor, before)
    is_empty = not page.rows and before is None
    return render_template(
        "following/feed.html",
        feed=page,
        is_first=before is None,
        suggestions=suggestions(actor) if is_empty else [],
        panels=(tuple(unanswered_questions(actor)), tuple(top_answerers_of_week(actor))),
    )


@bp.get("/users/<username>/followers")
def followers(username: str) -> str:
    person = get_user(username, current_actor())
    mark_cacheable()
    rows = followers_of(Target(PERSON, person.id), before=_before(), limit=PEOPLE_PER_PAGE + 1, now=now())
    return _render_people(person, "followers", rows)


@bp.get("/users/<username>/following")
def following(username: str) -> str:
    """List what somebody follows; all but people is visible to that person only."""
    actor = current_actor()
    person = get_user(username, actor)
    mark_cacheable()
    kind = request.args.get("kind", PERSON)
    if kind not in KINDS or (kind != PERSON and not can_see_private_follows(actor, person)):
        abort(404)
    before, limit = _before(), PEOPLE_PER_PAGE + 1
    if kind == PERSON:
        return _render_people(person, kind, people_followed_by(person.id, before=before, limit=limit, now=now()))
    return _render_list(
        person, kind, subjects_followed_by(person.id, kind, actor, before=before, limit=limit), followed=set()
    )


def _before() -> int | None:
    return parse_id(request.args["before"]) if request.args.get("before") else None


def _render_people(person: User, kind: str, rows: list[Row]) -> str:
    return _render_list(person, kind, rows, followed=follow_states(current_actor(), PERSON, rows))


def _render_list(person: User, kind: str, rows: list[Row], followed: set[int]) -> str:
    page_rows = rows[:PEOPLE_PER_PAGE]
    return render_template(
        "following/list.html",
        person=person,
        kind=kind,
        rows=page_rows,
        followed=followed,
        older=_older(page_rows[-1].follow_id) if len(rows) > PEOPLE_PER_PAGE else None,
        is_first=_before() is None,
        sections=_sections(person, kind),
        picture=avatar_url,
    )


def _older(follow_id: int) -> str:
    kind_parameter = {"kind": request.args["kind"]} if "kind" in request.args else {}
    values = {**(request.view_args or {}), **kind_parameter, "before": follow_id}
    return url_for(request.endpoint or "", **values)


def _sections(person: User, kind: str) -> list[dict[str, object]]:
    titles: dict[str, tuple[str, int | None]] = {
        "followers": (_("Followers"), person.follower_count),
        PERSON: (_("Following"), person.following_count),
    }
    if can_see_private_follows(current_actor(), person):
        titles |= {TAG: (_("Tags"), None), BOARD: (_("Boards"), None), QUESTION: (_("Questions"), None)}
    path = person_path(person.username)
    urls = {"followers": f"{path}/followers", PERSON: f"{path}/following"}
    return [
        {
            "title": title,
            "url": urls.get(name, f"{path}/following?kind={name}"),
            "current": name == kind,
            "count": count,
        }
        for name, (title, count) in titles.items()
    ]
