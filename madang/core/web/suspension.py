"""Whoever is suspended reads, and writes nothing: one rule for every address, asked at the edge."""

from collections.abc import Callable
from typing import TypeVar

from flask import current_app, request

from madang.core.actor import Actor
from madang.core.errors import Forbidden
from madang.core.i18n import _, moment

READING = ("GET", "HEAD", "OPTIONS")
View = TypeVar("View", bound=Callable)


def allowed_while_suspended(view: View) -> View:
    """Let whoever is suspended use `view` too: it writes nothing that others read."""
    view.open_to_suspended = True  # type: ignore[attr-defined]
    return view


def suspension_sentence(actor: Actor) -> str:
    """Until when somebody is suspended, and why."""
    if actor.suspended_until is None or not actor.suspended_reason:
        return _("Your account is suspended at present; you can read, but not write.")
    return _(
        "Your account is suspended until %(until)s: you can read, but not write. Reason: %(reason)s",
        until=moment(actor.suspended_until),
        reason=actor.suspended_reason,
    )


def refuse_suspended(actor: Actor) -> None:
    """Raise `Forbidden` for a request by which a suspended person would write."""
    if not actor.is_suspended or request.method in READING:
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and not getattr(view, "open_to_suspended", False):
        raise Forbidden(suspension_sentence(actor))
