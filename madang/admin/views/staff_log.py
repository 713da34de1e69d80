"""The staff's pages: the overview, and the log of what was done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import Row

from madang.accounts.policies.accounts import can_administer
from madang.core.web.actor import current_actor
from madang.moderation.queries import waiting_count
from madang.posts.fragments import Author

from ..queries import KINDS, PER_PAGE, Wanted, log_rows
from ..sentences import VERBS, about_words, details_of, kind_words, verb_words
from .access import asked_number, one_page, staff_required

bp = Blueprint("staff", __name__, url_prefix="/admin")
PATHS = {"post": "/posts/{}", "comment": "/comments/{}"}
MANAGED = {"user": "/admin/users/{}", "board": "/admin/boards/{}", "tag": "/admin/tags/{}"}


@bp.get("")
@staff_required
def overview() -> str:
    actor = current_actor()
    return render_template(
        "admin/overview.html", can_administer=can_administer(actor), flagged_count=waiting_count(actor)
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A deed as the log prints it."""

    who: Author | None
    is_command: bool
    what: str
    about: str
    path: str
    reason: str
    details: str
    when: datetime


@bp.get("/log")
@staff_required
def log() -> str:
    args = request.args
    verb, kind = args.get("verb", ""), args.get("kind", "")
    asked = Wanted(
        args.get("q", "")[:60], verb if verb in VERBS else "", kind if kind in KINDS else "", asked_number("id")
    )
    page = one_page(log_rows(asked, asked_number("before")), PER_PAGE, "before")
    return render_template(
        "admin/log.html",
        asked=asked,
        lines=[_line(row) for row in page.pop("rows")],
        verbs=sorted(((name, verb_words(name)) for name in VERBS), key=lambda pair: pair[1]),
        kinds=[(name, kind_words(name)) for name in KINDS],
        **page,
    )


def _line(row: Row[Any]) -> Line:
    is_there = row.actor_username is not None and row.actor_deleted_at is None
    return Line(
        who=Author(row.actor_username, row.actor_display_name, None) if is_there else None,
        is_command=row.actor_id is None,
        what=verb_words(row.verb),
        about=about_words(row),
        path=_path(row),
        reason=row.reason,
        details=details_of(row.verb, row.payload),
        when=row.created_at,
    )


def _path(row: Row[Any]) -> str:
    """Where the thing stands, for those who may look at it."""
    is_gone = row.verb.startswith("delete_") and row.kind in ("board", "tag")
    if is_gone or (row.kind == "user" and (row.subject_username is None or row.subject_deleted_at is not None)):
        return ""
    if row.kind in MANAGED and (row.kind == "tag" or can_administer(current_actor())):
        return MANAGED[row.kind].format(row.subject_id)
    return PATHS[row.kind].format(row.subject_id) if row.kind in PATHS else ""
