"""Pages: list of people, profile, hover card; JSON for completing names."""

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from sqlalchemy import Row
from werkzeug.wrappers import Response as AnyResponse

from madang.core.actor import STAFF
from madang.core.errors import NotFound, Unauthenticated
from madang.core.i18n import _
from madang.core.markdown.sanitizer import excerpt
from madang.core.text import clean_line
from madang.core.web.actor import current_actor
from madang.core.web.caching import mark_cacheable
from madang.core.web.pagination import list_page
from madang.groups.queries import groups_of_person

from ..fragments.profiles import follow_state, profile_list
from ..models import User
from ..policies.accounts import can_administer
from ..queries.people import ORDERS, QUERY_MAX, matching_people_count, member_count, people_rows, people_to_complete
from ..queries.users import avatar_url, current_username_of, get_user
from ..sentences import role_words

bp = Blueprint("people", __name__)
PEOPLE_PER_PAGE = 36
CARD_BIO = 160
TABS = ("questions", "answers", "comments", "posts", "votes")


@bp.get("/users")
def people() -> str:
    mark_cacheable()
    query = clean_line(request.args.get("q", ""))[:QUERY_MAX]
    sort = request.args.get("sort", "")
    sort = sort if sort in ORDERS else "reputation"
    page = list_page(matching_people_count(query) if query else member_count(), PEOPLE_PER_PAGE)
    rows = [(row, avatar_url(row.avatar_file)) for row in people_rows(query, sort, page)]
    orders = _orders(query, sort)
    return render_template("accounts/people.html", rows=rows, page=page, query=query, sort=sort, orders=orders)


def _orders(query: str, sort: str) -> list[dict[str, object]]:
    titles = {"reputation": _("Most reputation"), "newest": _("Newest", context="people"), "name": _("By name")}
    return [
        {"title": title, "url": url_for("people.people", q=query or None, sort=name), "current": name == sort}
        for name, title in titles.items()
    ]


@bp.get("/users/<username>")
def profile(username: str) -> str | AnyResponse:
    try:
        user = get_user(username, current_actor())
    except NotFound:
        if current := current_username_of(username):
            return redirect(url_for("people.profile", username=current))
        raise
    return _profile_page(user)


def _profile_page(user: User) -> str:
    mark_cacheable()
    tab = request.args.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    return render_template(
        "accounts/profile.html",
        person=user,
        avatar_url=avatar_url(user.avatar_file),
        bio=excerpt(user.bio_html, CARD_BIO),
        is_followed=follow_state(user, current_actor()),
        tab=tab,
        sections=_tabs(user, tab),
        can_administer=can_administer(current_actor()),
        groups=groups_of_person(user.id, current_actor()),
        **profile_list(user, tab, current_actor()),
    )


def _tabs(user: User, tab: str) -> list[dict[str, object]]:
    counts = {"questions": user.question_count, "answers": user.answer_count, "comments": user.comment_count}
    titles = {
        "questions": _("Questions"),
        "answers": _("Answers"),
        "comments": _("Comments"),
        "posts": _("Other posts"),
        "votes": _("Votes received"),
    }
    path = url_for("people.profile", username=user.username)
    return [
        {
            "title": title,
            "url": path if name == TABS[0] else f"{path}?tab={name}",
            "current": name == tab,
            "count": counts.get(name),
        }
        for name, title in titles.items()
    ]


@bp.get("/users/<username>/card")
def card(username: str) -> str:
    """The hover card of a person, as an HTML fragment."""
    user = get_user(username, current_actor())
    mark_cacheable()
    names = ("id", "username", "display_name", "role", "reputation", "question_count", "answer_count")
    person = {name: getattr(user, name) for name in names}
    person |= {"bio": excerpt(user.bio_html, CARD_BIO), "avatar_url": avatar_url(user.avatar_file)}
    person["badges"] = [group for group in groups_of_person(user.id, current_actor()) if group.shows_badge]
    is_followed = follow_state(user, current_actor())
    return render_template("accounts/card.html", person=person, is_followed=is_followed)


@bp.get("/users/complete")
def complete() -> Response:
    """People whose name begins with the query, for the completion of mentions. Raises `Unauthenticated`."""
    if current_actor().is_anonymous:
        raise Unauthenticated(_("Please log in to continue."))
    people = people_to_complete(request.args.get("q", ""))
    return jsonify([_completion_of(row) for row in people])


def _completion_of(row: Row) -> dict[str, str]:
    """A person to complete: the names, and for staff what stands on the badge."""
    badge = role_words(row.role) if row.role in STAFF else ""
    return {"username": row.username, "display_name": row.display_name, "badge": badge}
