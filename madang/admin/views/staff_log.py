"""Staff pages: the overview, and the staff log."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request
from sqlalchemy import Row

from madang.accounts.policies.accounts import can_administer
from madang.core.web.actor import current_actor
from madang.moderation.queries import flagged_count
from madang.posts.fragments.authors import Author

from ..queries import KINDS, PER_PAGE, StaffLogCriteria, log_rows, steps_done
from ..sentences import all_staff_verbs, kind_words, staff_action_details, steps_in_words, subject_words, verb_words
from .access import paginate, query_id, staff_required

bp = Blueprint("staff", __name__, url_prefix="/admin")
CONTENT_PATHS = {"post": "/posts/{}", "comment": "/comments/{}"}
MANAGEMENT_PATHS = {
    "user": "/admin/users/{}",
    "board": "/admin/boards/{}",
    "group": "/admin/groups/{}",
    "tag": "/admin/tags/{}",
}


@bp.get("")
@staff_required
def overview() -> str:
    actor = current_actor()
    return render_template(
        "admin/overview.html",
        can_administer=can_administer(actor),
        flagged_count=flagged_count(actor),
        steps=steps_in_words(steps_done(actor)) if can_administer(actor) else [],
    )


@dataclass(frozen=True, slots=True)
class LogLine:
    """A staff action as the log page prints it."""

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
    criteria = StaffLogCriteria(
        args.get("q", "")[:60], verb if verb in all_staff_verbs() else "", kind if kind in KINDS else "", query_id("id")
    )
    page = paginate(log_rows(criteria, query_id("before")), PER_PAGE, "before")
    return render_template(
        "admin/log.html",
        asked=criteria,
        lines=[_line(row) for row in page.rows],
        verbs=sorted(all_staff_verbs().items(), key=lambda pair: pair[1]),
        kinds=[(name, kind_words(name)) for name in KINDS],
        **page.links,
    )


def _line(row: Row) -> LogLine:
    has_actor = row.actor_username is not None and row.actor_deleted_at is None
    return LogLine(
        who=Author(row.actor_username, row.actor_display_name, None, row.actor_role) if has_actor else None,
        is_command=row.actor_id is None,
        what=verb_words(row.verb),
        about=subject_words(row),
        path=_subject_path(row),
        reason=row.reason,
        details=staff_action_details(row.verb, row.payload),
        when=row.created_at,
    )


def _subject_path(row: Row) -> str:
    """The path of the subject's page, or an empty string if it is deleted or the actor may not open it."""
    is_subject_deleted = row.verb.startswith("delete_") and row.kind in ("board", "group", "tag")
    if is_subject_deleted or (
        row.kind == "user" and (row.subject_username is None or row.subject_deleted_at is not None)
    ):
        return ""
    if row.kind in MANAGEMENT_PATHS and (row.kind == "tag" or can_administer(current_actor())):
        return MANAGEMENT_PATHS[row.kind].format(row.subject_id)
    return CONTENT_PATHS[row.kind].format(row.subject_id) if row.kind in CONTENT_PATHS else ""
