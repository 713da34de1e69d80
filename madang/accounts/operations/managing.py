"""What administrators do with accounts: make them, change their names, addresses and roles."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from madang.core.actor import Actor
from madang.core.db import db, lock, upsert
from madang.core.errors import Conflict, InvalidInput, NotFound, invalid, require, too_long
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.text import clean_line, email_key

from ..events import EmailReplaced, RoleChanged, UserRenamed, UserSignedUp
from ..models import DISPLAY_NAME_MAX, ROLES, FormerUsername, User
from ..policies.accounts import can_administer
from ..policies.usernames import skeleton
from ..queries.users import get_user_or_number, is_number_of_another
from .administrators import require_other_admin
from .checks import email_sentence, username_sentence
from .signing_up import naming
from .staff_actions import record_staff_action


def require_administrator(actor: Actor) -> None:
    require(can_administer(actor), _("Only administrators may do this."))


def get_account(user_id: int, actor: Actor) -> User:
    """An account that has not left, to be managed. Raises `Forbidden` and `NotFound`."""
    require_administrator(actor)
    user = db.session.get(User, user_id)
    if user is None or user.is_deleted or user.role not in ROLES:
        raise NotFound
    return user


def get_named_account(name: str, actor: Actor) -> User:
    """The same by the username, or by the number. Raises `Forbidden`, `NotFound`, and `Conflict` where it means two.

    Who signs up under somebody's number would else be given that person's role.
    """
    require_administrator(actor)
    user = get_user_or_number(name, actor)
    if is_number_of_another(name, user):
        raise Conflict(
            _("This is one account's username and another one's number. Please use the pages of administration.")
        )
    return user


def add_account(
    *, actor: Actor, username: str, display_name: str, email: str, role: str, now: datetime, locale: str | None = None
) -> User:
    """Make an account for somebody, who sets the password by a link. Raises `InvalidInput` with every wrong field."""
    require_administrator(actor)
    username, display_name, email = clean_line(username), clean_line(display_name), clean_line(email)
    _check(username_sentence(username), display_name, email_sentence(email), role)
    user = User(role=role, locale=locale, created_at=now)
    _write(user, username, display_name, email, role)
    emit(UserSignedUp(user.id))
    record_staff_action("add_account", "user", user.id, actor=actor, role=role)
    return user


def _check(username: str | None, display_name: str, email: str | None, role: str) -> None:
    """Raise `InvalidInput` for what is wrong; of name and address the sentence about them is given."""
    invalid(
        username=username,
        display_name=too_long(display_name, DISPLAY_NAME_MAX),
        email=email,
        role=None if role in ROLES else _("Please choose a role."),
    )


def _write(user: User, username: str, display_name: str, email: str, role: str) -> None:
    with naming(user):
        user.username, user.username_key = username, skeleton(username)
        user.display_name = display_name or username[:DISPLAY_NAME_MAX]
        user.email, user.email_key, user.role = email or None, email_key(email) or None, role


def edit_account(
    user: User, *, actor: Actor, username: str, display_name: str, email: str, role: str, now: datetime
) -> list[str]:
    """Change the names, the address and the role of an account; returns which of them changed.

    Another address is unconfirmed. Raises `InvalidInput` for each wrong field, and `Conflict` for the last
    administrator's role.
    """
    require_administrator(actor)
    username, display_name, email = clean_line(username), clean_line(display_name), clean_line(email)
    if role != user.role:
        require_other_admin(user, now)  # before the row: administrators are held in one order
    lock(user)
    is_without = not email and user.email is None  # imported accounts have none
    _check(
        username_sentence(username, besides=user.id) if username != user.username else None,
        display_name,
        None if is_without or email == user.email else email_sentence(email, besides=user.id),
        role,
    )
    former = {"username": user.username, "display_name": user.display_name, "email": user.email, "role": user.role}
    _write(user, username, display_name, email, role)
    changed = [column for column, value in former.items() if value != getattr(user, column)]
    _tell(user, former, changed)
    if changed:
        roles: dict[str, Any] = {"role": [former["role"], user.role]} if "role" in changed else {}
        record_staff_action("edit_account", "user", user.id, actor=actor, changed=changed, **roles)
    return changed


def _tell(user: User, former: dict[str, str | None], changed: list[str]) -> None:
    if "username" in changed:
        keep_former_name(former["username"] or "", user)
    if "username" in changed or "display_name" in changed:
        emit(UserRenamed(user.id))
    if "email" in changed:
        user.email_confirmed_at = None
        db.session.flush()
        emit(EmailReplaced(user.id, former["email"]))
    if "role" in changed:
        emit(RoleChanged(user.id))


def keep_former_name(username: str, user: User) -> None:
    """Let the address of a name that an account had lead to the person."""
    values = {"username": username, "user_id": user.id}
    upsert(FormerUsername, {"username_key": skeleton(username)}, new=values, changes=values)
    present = FormerUsername.username_key == user.username_key
    db.session.execute(delete(FormerUsername).where(present))


def require_somebody_else(user: User, actor: Actor) -> None:
    """Raises `Conflict` for one's own account."""
    if user.id == actor.id:
        raise Conflict(_("This is your own account. Ask another administrator, or leave by your settings."))


def note_password_link(user: User, *, actor: Actor, is_mailed: bool) -> None:
    """A link that sets somebody's password was made. Raises `Forbidden`, and `InvalidInput` (is_mailed)."""
    require_administrator(actor)
    if is_mailed and not user.email:
        raise InvalidInput(
            _("This account has no e-mail address. Please pass the link on yourself."), field="is_mailed"
        )
    record_staff_action("make_password_link", "user", user.id, actor=actor, is_mailed=is_mailed)
