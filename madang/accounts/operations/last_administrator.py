"""Ensure that the site always has at least one active administrator."""

from datetime import datetime

from sqlalchemy import or_, select

from madang.core.db import db, lock_row
from madang.core.errors import Conflict
from madang.core.i18n import _

from ..models import User


def lock_account(user: User) -> None:
    """Lock the row of an account; that of an administrator together with those of all others, in one order."""
    if user.role == "admin":
        db.session.execute(select(User.id).where(User.role == "admin").order_by(User.id).with_for_update())
    lock_row(user)


def require_other_admin(user: User, now: datetime) -> None:
    """Raise `Conflict` if `user` is the last active administrator."""
    if is_last_admin(user, now):
        raise Conflict(
            _("This is the only administrator, and the site needs one. Make someone else an administrator first.")
        )


def is_last_admin(user: User, now: datetime) -> bool:
    """Whether `user` is the only administrator who is neither deleted nor suspended.

    Locks the administrators' rows, so that of two concurrent changes the second sees the first. Whoever locks the
    account as well calls `lock_account` before.
    """
    if user.role != "admin":
        return False
    is_present = or_(User.suspended_until.is_(None), User.suspended_until <= now)
    admins = select(User.id).where(User.role == "admin", User.deleted_at.is_(None), is_present)
    return set(db.session.scalars(admins.order_by(User.id).with_for_update())) <= {user.id}
