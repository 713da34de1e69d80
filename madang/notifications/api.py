"""Notifications for programs: all that one was told, the list behind the bell, read marks, preferences."""

import re
from datetime import UTC, datetime
from typing import Any

from madang.core.clock import now
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.paging import Page, PageResult
from madang.core.web.actor import current_actor
from madang.core.web.suspension import allowed_while_suspended

from .operations.notifying import mark_post_read, mark_read, set_preferences
from .operations.stream import last_id
from .queries import activity_of, chosen_of, get_notification, lines, told_since
from .schemas import (
    ActivityQuery,
    ActivitySchema,
    NotificationPreferencesSchema,
    ReadingSchema,
    StreamQuery,
    StreamSchema,
)

bp = ApiBlueprint("notifications", description="What one is told, and where.")


@bp.get("/notifications", guests=True)
@bp.query(StreamQuery)
@bp.response(StreamSchema)
def list_notifications(asked: dict[str, Any]) -> dict[str, Any]:
    """What one was told after a moment or an id, the oldest first.

    Activity and states alike, as the stream of events sends them: whoever asks again with `after` misses nothing.
    """
    after, limit = _number(asked["after"]), asked["limit"]
    rows = told_since(current_actor(), since=_moment(asked["since"]), after=after, limit=limit)
    return {"items": rows, "last_id": rows[-1].id if rows else last_id(), "has_more": len(rows) == limit}


def _number(written: str) -> int | None:
    if not written:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", written):
        raise InvalidInput(_("This is a whole number from 0 on."), field="after")
    return int(written)


def _moment(written: str) -> datetime | None:
    written = written.strip().replace(" ", "+")  # a plus sign that nobody has quoted
    if not written:
        return None
    try:
        if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", written):
            return datetime.fromtimestamp(float(written), UTC)
        moment = datetime.fromisoformat(written)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise InvalidInput(
            _("A moment looks like 2026-11-21T09:30:00Z, or is the number of seconds since 1970."), field="since"
        ) from None


@bp.get("/notifications/activity", guests=True)
@bp.paginated(ActivitySchema, ActivityQuery)
def list_activity(page: Page) -> PageResult:
    """The list behind the bell, in words, the newest first."""
    rows = activity_of(current_actor(), before=page.after_id, limit=page.more, is_unread=page["unread"])
    found = page.of(rows, lambda row: (row.id,))
    return PageResult(lines(found.rows), found.next_key)


@bp.put("/notifications/<int:notification_id>/read", guests=True)
@bp.response(None)
def read_notification(notification_id: int) -> None:
    """Mark one notification as read."""
    found = get_notification(notification_id, current_actor())
    mark_read([found.id], actor=current_actor(), now=now())


@bp.put("/notifications/read", guests=True)
@bp.body(ReadingSchema, optional=True)
@bp.response(None)
@allowed_while_suspended
def read_notifications(wanted: dict[str, Any]) -> None:
    """Mark all notifications as read, or those about one post and its answers."""
    actor = current_actor()
    if wanted["post"] is None:
        mark_read(None, actor=actor, now=now())
    else:
        mark_post_read([wanted["post"]], user_id=actor.id or 0, now=now())


@bp.get("/notifications/preferences")
@bp.response(NotificationPreferencesSchema)
def get_notification_preferences() -> dict[str, str]:
    """Where one is told of what."""
    return chosen_of(current_actor().id or 0)


@bp.put("/notifications/preferences")
@bp.body(NotificationPreferencesSchema)
@bp.response(NotificationPreferencesSchema)
def replace_notification_preferences(wanted: dict[str, str]) -> dict[str, str]:
    """Choose where one is told of what; what is left out stays."""
    actor = current_actor()
    chosen = {**chosen_of(actor.id or 0), **wanted}
    set_preferences(chosen, chosen.pop("digest"), actor=actor, now=now())
    return chosen_of(actor.id or 0)
