"""Account management by administrators: create accounts, change names, addresses and roles."""

from datetime import datetime

from sqlalchemy import delete

from madang.core.actor import Actor
from madang.core.db import db, upsert
from madang.core.errors import Conflict, InvalidInput, NotFound, raise_if_invalid
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.text import clean_line

from ..events import AddressChanged, EmailReplaced, RoleChanged, UserRenamed, UserSignedUp
from ..models import DISPLAY_NAME_MAX, ROLES, FormerAddress, FormerUsername, User
from ..policies.accounts import require_administrator
from ..policies.look_alikes import skeleton
from ..queries.users import get_user_by_name_or_id, is_id_of_another
from .addresses import former_address, give_address
from .checks import display_name_error, email_error, impersonates_site, username_error
from .last_administrator import lock_account, require_other_admin
from .signing_up import refuse_taken_names
from .staff_actions import record_staff_action


def get_account(user_id: int, actor: Actor) -> User:
    """An account that is not deleted, for its management. Raises `Forbidden` and `NotFound`."""
    require_administrator(actor)
    user = db.session.get(User, user_id)
    if user is None or user.is_deleted or user.role not in ROLES:
        raise NotFound
    return user


def get_named_account(name: str, actor: Actor) -> User:
    """An account by username or by id, for its management.

    Raises `Forbidden`, `NotFound`, and `Conflict` if `name` is one account's username and another one's id: somebody
    could sign up with an account's id as username to receive a role meant for that account.
    """
    require_administrator(actor)
    user = get_user_by_name_or_id(name, actor)
    if is_id_of_another(name, user):
        raise Conflict(
            _("This is one account's username and another one's number. Please use the administration pages.")
        )
    return user


def add_account(
    *, actor: Actor, username: str, display_name: str, email: str, role: str, now: datetime, locale: str | None = None
) -> User:
    """Create an account; its owner sets the password by a link. Raises `InvalidInput` for each wrong field."""
    require_administrator(actor)
    username, display_name, email = clean_line(username), clean_line(display_name), clean_line(email)
    name_error = display_name_error(display_name, username=username, role=role)
    _check_fields(username_error(username), name_error, email_error(email), role)
    user = User(role=role, locale=locale, created_at=now)
    _set_columns(user, username, display_name, email, role)
    emit(UserSignedUp(user.id))
    record_staff_action("add_account", "user", user.id, actor=actor, role=role)
    return user


def _check_fields(
    username_error: str | None, display_name_error: str | None, email_error: str | None, role: str
) -> None:
    """Raise `InvalidInput` for the given errors and for an invalid role."""
    raise_if_invalid(
        username=username_error,
        display_name=display_name_error,
        email=email_error,
        role=None if role in ROLES else _("Please choose a role."),
    )


def _set_columns(user: User, username: str, display_name: str, email: str, role: str) -> None:
    with refuse_taken_names(user):
        user.username, user.username_key = username, skeleton(username)
        user.display_name = display_name or username[:DISPLAY_NAME_MAX]
        user.role = role
        if email != (user.email or ""):
            give_address(user, email or None, confirmed_at=None)


def edit_account(
    user: User, *, actor: Actor, username: str, display_name: str, email: str, role: str, now: datetime
) -> list[str]:
    """Change the names, the address and the role of an account. Returns the names of the changed columns.

    A new address is unconfirmed. A display name that only staff may have becomes the username with a role that is no
    staff. Raises `InvalidInput` for each wrong field, and `Conflict` for the last administrator's role.
    """
    username, display_name, email = clean_line(username), clean_line(display_name), clean_line(email)
    lock_account(user)
    require_administrator(actor)
    if role != user.role:
        require_other_admin(user, now)
        if impersonates_site(display_name, username=username, role=role, besides=user.id):
            display_name = ""
    name_error = display_name_error(display_name, username=username, role=role, besides=user.id)
    has_no_email = not email and user.email is None  # imported accounts have none
    _check_fields(
        username_error(username, besides=user.id) if username != user.username else None,
        name_error if display_name != user.display_name else None,
        None if has_no_email or email == user.email else email_error(email, besides=user.id),
        role,
    )
    former_email = former_address(user)
    former = {"username": user.username, "display_name": user.display_name, "email": user.email, "role": user.role}
    _set_columns(user, username, display_name, email, role)
    changed = [column for column, value in former.items() if value != getattr(user, column)]
    _propagate_changes(user, former["username"] or "", former_email, changed)
    if "role" in changed:
        roles = [former["role"], user.role]
        record_staff_action("edit_account", "user", user.id, actor=actor, changed=changed, role=roles)
    elif changed:
        record_staff_action("edit_account", "user", user.id, actor=actor, changed=changed)
    return changed


def _propagate_changes(
    user: User, former_username: str, former_email: FormerAddress | None, changed: list[str]
) -> None:
    """Redirect a former username, and emit the events of the changes."""
    if "username" in changed:
        redirect_former_username(former_username, user)
    if "username" in changed or "display_name" in changed:
        emit(UserRenamed(user.id))
    if "email" in changed:
        emit(EmailReplaced(user.id, former_email))
        emit(AddressChanged(user.id))
    if "role" in changed:
        emit(RoleChanged(user.id))


def redirect_former_username(username: str, user: User) -> None:
    """Redirect the profile URL of a former username to the account."""
    values = {"username": username, "user_id": user.id}
    upsert(FormerUsername, {"username_key": skeleton(username)}, new=values, changes=values)
    is_current = FormerUsername.username_key == user.username_key
    db.session.execute(delete(FormerUsername).where(is_current))


def require_other_account(user: User, actor: Actor) -> None:
    """Raise `Conflict` for the actor's own account."""
    if user.id == actor.id:
        raise Conflict(_("This is your own account. Ask another administrator, or delete it in your settings."))


def record_password_link(user: User, *, actor: Actor, is_mailed: bool) -> None:
    """Record that an administrator makes a link that sets the account's password.

    Raises `Forbidden`, and `InvalidInput` (is_mailed) if there is no address to mail it to.
    """
    require_administrator(actor)
    if is_mailed and not user.email:
        raise InvalidInput(
            _("This account has no e-mail address. Please pass the link on yourself."), field="is_mailed"
        )
    record_staff_action("make_password_link", "user", user.id, actor=actor, is_mailed=is_mailed)
