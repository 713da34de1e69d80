"""JSON API of notifications: the stream, the list behind the bell, read marks, preferences."""

import re
from datetime import UTC, datetime
from typing import TypedDict

from madang.core.clock import now
from madang.core.errors import InvalidInput
from madang.core.i18n import _
from madang.core.rest.blueprint import ApiBlueprint
from madang.core.rest.pagination import Page, PageResult
from madang.core.web.actor import current_actor
from madang.core.web.suspension import allowed_while_suspended

from .operations.notifying import mark_post_read, mark_read, set_preferences
from .operations.stream import last_id
from .queries import activity_of, effective_preferences, events_since, get_notification, notification_lines
from .schemas import (
    ActivityQuery,
    ActivitySchema,
    NotificationPreferencesSchema,
    ReadingSchema,
    StreamQuery,
    StreamSchema,
)

bp = ApiBlueprint("notifications", description="Notifications, their read marks and preferences.")


class StreamParameters(TypedDict):
    since: str
    after: str
    limit: int


@bp.get("/notifications", guests=True)
@bp.query(StreamQuery)
@bp.response(StreamSchema)
def list_notifications(query: StreamParameters) -> dict[str, object]:
    """List the events after a moment or an id, the oldest first.

    These are the activity and the states that the event stream sends. Polling with `after` misses nothing.
    """
    after, limit = _parse_id(query["after"]), query["limit"]
    rows = events_since(current_actor(), since=_parse_moment(query["since"]), after=after, limit=limit)
    return {"items": rows, "last_id": rows[-1].id if rows else last_id(), "has_more": len(rows) == limit}


def _parse_id(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise InvalidInput(_("This must be a whole number, 0 or more."), field="after")
    return int(text)


def _parse_moment(text: str) -> datetime | None:
    text = text.strip().replace(" ", "+")  # an unquoted plus sign in the query string
    if not text:
        return None
    try:
        if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", text):
            return datetime.fromtimestamp(float(text), UTC)
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise InvalidInput(
            _("Use a date and time like 2026-11-21T09:30:00Z, or the number of seconds since 1970."), field="since"
        ) from None


@bp.get("/notifications/activity", guests=True)
@bp.paginated(ActivitySchema, ActivityQuery)
def list_activity(page: Page) -> PageResult:
    """List the notifications behind the bell, in words, the newest first."""
    rows = activity_of(current_actor(), before=page.after_id, limit=page.more, is_unread=page["unread"])
    result = page.of(rows, lambda row: (row.id,))
    return PageResult(notification_lines(result.rows), result.next_key)


@bp.put("/notifications/<int:notification_id>/read", guests=True)
@bp.response(None)
def read_notification(notification_id: int) -> None:
    """Mark one notification as read."""
    notification = get_notification(notification_id, current_actor())
    mark_read([notification.id], actor=current_actor(), now=now())


@bp.put("/notifications/read", guests=True)
@bp.body(ReadingSchema, optional=True)
@bp.response(None)
@allowed_while_suspended
def read_notifications(payload: dict[str, int | None]) -> None:
    """Mark all notifications as read, or those about one post and its answers."""
    actor = current_actor()
    post_id = payload["post"]
    if post_id is None:
        mark_read(None, actor=actor, now=now())
    else:
        mark_post_read([post_id], user_id=actor.id or 0, now=now())


@bp.get("/notifications/preferences")
@bp.response(NotificationPreferencesSchema)
def get_notification_preferences() -> dict[str, str]:
    """Get the channel of each kind of notification."""
    return effective_preferences(current_actor().id or 0)


@bp.put("/notifications/preferences")
@bp.body(NotificationPreferencesSchema)
@bp.response(NotificationPreferencesSchema)
def replace_notification_preferences(payload: dict[str, str]) -> dict[str, str]:
    """Choose the channel of each kind of notification; absent fields stay unchanged."""
    actor = current_actor()
    choices = {**effective_preferences(actor.id or 0), **payload}
    set_preferences(choices, choices.pop("digest"), actor=actor, now=now())
    return effective_preferences(actor.id or 0)
