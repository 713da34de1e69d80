"""The tools at the right of the page header: writing, messages, notifications, the menu of the reader."""

from typing import NamedTuple

from ..settings import setting
from ..site import offered_locales
from .actor import current_actor
from .features import is_on


class HeaderTools(NamedTuple):
    """The tools of the page header as their template reads them; `face` is a reader's username, name and picture."""

    face: tuple[str, str, str | None] | None
    is_guest: bool
    is_signup_open: bool
    unread_message_count: int
    unread_notification_count: int
    is_staff: bool
    has_messages: bool
    has_todos: bool
    has_languages: bool


def header_tools(unread_message_count: int | None = None) -> HeaderTools:
    """Return the tools of the current reader; `unread_message_count` is given where the page has just changed it."""
    actor = current_actor()
    return HeaderTools(
        actor.face if actor.has_identity else None,
        actor.is_guest,
        setting("SIGNUP_OPEN"),
        actor.unread_message_count if unread_message_count is None else unread_message_count,
        actor.unread_notification_count,
        actor.is_staff,
        is_on("messages"),
        is_on("todos"),
        len(offered_locales()) > 1,
    )
