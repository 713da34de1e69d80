"""The site always has somebody who administers it."""

from datetime import datetime

from sqlalchemy import or_, select

from madang.core.db import db
from madang.core.errors import Conflict
from madang.core.i18n import _

from ..models import User


def require_other_admin(user: User, now: datetime) -> None:
    """Refuse what would leave the site without an administrator. Raises `Conflict`."""
    if is_last_admin(user, now):
        raise Conflict(
            _("This is the only administrator, and the site needs one. Make somebody else administrator first.")
        )


def is_last_admin(user: User, now: datetime) -> bool:
    """Whether nobody else administers the site at present.

    Holds the administrators' rows, so that of two at once the second sees what the first has done.
    """
    if user.role != "admin":
        return False
    is_present = or_(User.suspended_until.is_(None), User.suspended_until <= now)
    admins = select(User.id).where(User.role == "admin", User.deleted_at.is_(None), is_present)
    return set(db.session.scalars(admins.order_by(User.id).with_for_update())) <= {user.id}
