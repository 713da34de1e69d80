"""Suspend accounts: a suspended person can read but not write until the suspension ends."""

from datetime import datetime, timedelta

from madang.core.actor import Actor
from madang.core.db import db, lock_row
from madang.core.errors import raise_if_invalid, too_long_error
from madang.core.i18n import _
from madang.core.text import clean_line

from ..models import REASON_MAX, User
from ..policies.accounts import require_administrator
from .last_administrator import lock_account, require_other_admin
from .managing import require_other_account
from .staff_actions import record_staff_action

MAX_SUSPENSION = timedelta(days=3660)


def suspend_account(user: User, *, actor: Actor, reason: str, until: datetime | None, now: datetime) -> None:
    """Suspend an account until a moment. Its sessions stay open.

    Raises `InvalidInput` (reason, until), and `Conflict` for the actor's own account and the last administrator.
    """
    lock_account(user)
    require_administrator(actor)
    require_other_account(user, actor)
    reason = clean_line(reason)
    raise_if_invalid(reason=reason_error(reason), until=_until_error(until, now))
    require_other_admin(user, now)
    if (until, reason) == (user.suspended_until, user.suspended_reason):
        return
    user.suspended_until, user.suspended_reason = until, reason
    db.session.flush()
    ends = until.isoformat() if until else None
    record_staff_action("suspend_account", "user", user.id, actor=actor, reason=reason, until=ends)


def reason_error(reason: str) -> str | None:
    """The error of the reason that staff gives for an action."""
    return too_long_error(reason, REASON_MAX) if reason else _("Please give a short reason.")


def _until_error(until: datetime | None, now: datetime) -> str | None:
    if until is None or until <= now:
        return _("Please choose a date in the future.")
    if until > now + MAX_SUSPENSION:
        return _("Please choose a date within the next ten years.")
    return None


def lift_suspension(user: User, *, actor: Actor) -> None:
    """End a suspension before its time; does nothing if there is none."""
    lock_row(user)
    require_administrator(actor)
    if user.suspended_until is None:
        return
    user.suspended_until = user.suspended_reason = None
    db.session.flush()
    record_staff_action("lift_suspension", "user", user.id, actor=actor)
