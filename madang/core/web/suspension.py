"""Suspended accounts are read-only: the check for every URL, before the view runs."""

from collections.abc import Callable
from typing import TypeVar

from flask import current_app, request

from madang.core.actor import Actor
from madang.core.errors import Forbidden
from madang.core.i18n import _, moment

from .constants import API

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
View = TypeVar("View", bound=Callable)


def allowed_while_suspended(view: View) -> View:
    """Allow `view` for suspended accounts: it writes nothing that others read."""
    vars(view)["open_to_suspended"] = True
    return view


def readable_while_suspended(view: View) -> View:
    """Allow a page for suspended accounts though it has a form that they cannot send: it shows other things too."""
    vars(view)["open_to_suspended"] = True
    return view


def suspension_sentence(actor: Actor) -> str:
    """Return the sentence that says until when, and why, the account is suspended."""
    if actor.suspended_until is None or not actor.suspended_reason:
        return _("Your account is suspended: you can read, but not write.")
    return _(
        "Your account is suspended until %(until)s: you can read, but not write. Reason: %(reason)s",
        until=moment(actor.suspended_until),
        reason=actor.suspended_reason,
    )


def refuse_suspended(actor: Actor) -> None:
    """Raise `Forbidden` for what a suspended account cannot send, and for the page whose form would send it.

    Views that are `allowed_while_suspended` or `readable_while_suspended` are not refused.
    """
    if not actor.is_suspended or request.endpoint is None:
        return
    endpoints = _form_endpoints() if request.method in SAFE_METHODS else [request.endpoint]
    views = [current_app.view_functions[endpoint] for endpoint in {request.endpoint, *endpoints}]
    if endpoints and not any(getattr(view, "open_to_suspended", False) for view in views):
        raise Forbidden(suspension_sentence(actor))


def _form_endpoints() -> list[str]:
    """The endpoint to which the form of this page is sent, if there is one at its own address."""
    rule = request.url_rule.rule if request.url_rule and not request.path.startswith(API) else ""
    rules = current_app.url_map.iter_rules()
    return [each.endpoint for each in rules if each.rule == rule and "POST" in (each.methods or ())]
