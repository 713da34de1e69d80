"""Suspended accounts are read-only: the check for every URL, before the view runs."""

from collections.abc import Callable
from typing import TypeVar

from flask import current_app, request

from madang.core.actor import Actor
from madang.core.errors import Forbidden
from madang.core.i18n import _, moment

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
View = TypeVar("View", bound=Callable)


def allowed_while_suspended(view: View) -> View:
    """Allow `view` for suspended accounts: it writes nothing that others read."""
    vars(view)["open_to_suspended"] = True
    return view


def suspension_sentence(actor: Actor) -> str:
    """Return the sentence that says until when, and why, the account is suspended."""
    if actor.suspended_until is None or not actor.suspended_reason:
        return _("Your account is suspended at present; you can read, but not write.")
    return _(
        "Your account is suspended until %(until)s: you can read, but not write. Reason: %(reason)s",
        until=moment(actor.suspended_until),
        reason=actor.suspended_reason,
    )


def refuse_suspended(actor: Actor) -> None:
    """Raise `Forbidden` for an unsafe request of a suspended account, unless its view is `allowed_while_suspended`."""
    if not actor.is_suspended or request.method in SAFE_METHODS:
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and not getattr(view, "open_to_suspended", False):
        raise Forbidden(suspension_sentence(actor))
