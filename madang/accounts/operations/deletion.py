"""Account deletion: erase personal data, keep posts and comments under "deleted user"."""

import secrets
from datetime import datetime

from sqlalchemy import select

from madang.core import ownership
from madang.core.actor import Actor
from madang.core.db import after_commit, db
from madang.core.errors import Conflict, raise_if_invalid
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.site import set_site
from madang.core.storage import pictures
from madang.core.text import clean_line

from ..events import UserDeleted
from ..models import FormerUsername, RetiredUsername, User
from ..policies.accounts import require_administrator
from ..queries.taken_names import RETIRED_NAMES_KEY, key_hash, retired_names_key
from .addresses import give_address
from .last_administrator import is_last_admin, require_other_admin
from .managing import require_other_account
from .recovery import require_password
from .staff_actions import record_staff_action
from .suspending import reason_error

NOT_IN_USERNAMES = "#"


def delete_account(user: User, *, current_password: str, now: datetime) -> None:
    """Delete the actor's own account.

    Raises `InvalidInput` (current_password), and `Conflict` for the last administrator.
    """
    require_password(user, current_password)
    if is_last_admin(user, now):
        raise Conflict(
            _(
                "You are the only administrator, and the site needs one. Please make "
                "someone else an administrator first."
            )
        )
    _delete(user, now)


def remove_account(user: User, *, actor: Actor, reason: str, is_content_kept: bool, now: datetime) -> None:
    """Delete another person's account as an administrator. Unless `is_content_kept`, the caller removes the content.

    Raises `InvalidInput` (reason), and `Conflict` for the actor's own account and the last administrator.
    """
    require_administrator(actor)
    require_other_account(user, actor)
    reason = clean_line(reason)
    raise_if_invalid(reason=reason_error(reason))
    require_other_admin(user, now)
    _delete(user, now)
    record_staff_action("delete_account", "user", user.id, actor=actor, reason=reason, is_content_kept=is_content_kept)


def _delete(user: User, now: datetime) -> None:
    _retire_usernames(user)
    ownership.delete_rows(user.id)
    erase_personal_data(user, now)
    emit(UserDeleted(user.id))


def _retire_usernames(user: User) -> None:
    """Reserve the present and former usernames for good, so that mentions never lead to somebody else."""
    secret = retired_names_key()
    if secret is None:
        secret = secrets.token_hex(32)
        set_site(**{RETIRED_NAMES_KEY: secret})
    former = select(FormerUsername.username_key).where(FormerUsername.user_id == user.id)
    for key in sorted({user.username_key, *db.session.scalars(former)}):
        db.session.merge(RetiredUsername(key_hash=key_hash(key, secret)))
    db.session.flush()


def erase_personal_data(user: User, now: datetime) -> None:
    """Erase the personal data in the row of an account, which stays without a name."""
    if name := user.avatar_file:
        after_commit(lambda: pictures.delete_files(name))
    # No username may contain this character, so the new name cannot collide.
    user.username = user.username_key = f"{NOT_IN_USERNAMES}{user.id}"
    give_address(user, None, confirmed_at=None)
    user.email_request = user.password_request = None
    user.password_hash = user.avatar_file = None
    user.display_name = user.bio = user.bio_html = user.website = user.location = ""
    user.locale = user.timezone = user.last_seen_at = None
    user.suspended_until = user.suspended_reason = None
    user.role, user.deleted_at = "member", now
    db.session.flush()
