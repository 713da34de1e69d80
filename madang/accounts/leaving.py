"""Leaving: what an account said of its owner is wiped, what it wrote stays under "deleted user"."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select

from madang.core import files
from madang.core.db import after_commit, db
from madang.core.errors import Conflict
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.jobs import Job

from .events import UserDeleted
from .exporting import remove_exports
from .models import User
from .operations import end_other_sessions
from .recovery import require_password

NOT_IN_USERNAMES = "#"


def delete_account(user: User, *, current_password: str, exports: Path, now: datetime) -> None:
    """Take an account away at its owner's wish, with the archives of it in the folder `exports`.

    Raises `InvalidInput` (current_password) and `Conflict`."""
    require_password(user, current_password)
    if is_last_admin(user):
        raise Conflict(
            _("You are the only administrator, and the site needs one. Please make somebody else administrator first.")
        )
    end_other_sessions(user.id, besides=None)
    remove_exports(user.id, folder=exports)
    _wipe(user, now)
    # Jobs carry ids alone, apart from those of the person's own mails.
    db.session.execute(delete(Job).where(Job.owner_id == user.id, Job.state != "running"))
    db.session.flush()
    emit(UserDeleted(user.id))


def is_last_admin(user: User) -> bool:
    """Whether nobody else administers the site; holds the administrators' rows, so that two cannot leave at once."""
    if user.role != "admin":
        return False
    admins = select(User.id).where(User.role == "admin", User.deleted_at.is_(None)).with_for_update()
    return set(db.session.scalars(admins)) <= {user.id}


def _wipe(user: User, now: datetime) -> None:
    if name := user.avatar_file:
        after_commit(lambda: files.remove(name))
    # No username may have this sign, so nobody has the name and the old one is free again.
    user.username = user.username_key = f"{NOT_IN_USERNAMES}{user.id}"
    user.email = user.email_key = user.email_confirmed_at = user.password_hash = user.avatar_file = None
    user.display_name = user.bio = user.bio_html = user.website = user.location = ""
    user.locale = user.timezone = user.last_seen_at = None
    user.role, user.deleted_at = "member", now
