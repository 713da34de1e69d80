"""Reset and change passwords; confirm and change e-mail addresses."""

import secrets
from contextlib import suppress
from datetime import datetime

from madang.core.db import db, lock_row
from madang.core.email_addresses import email_key
from madang.core.errors import Conflict, raise_if_invalid
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.text import clean_line

from ..events import AddressChanged
from ..models import FormerAddress, User
from ..queries.pending_addresses import accounts_waiting_for
from ..queries.users import find_by_email
from .access_tokens import revoke_access_tokens
from .addresses import confirm_address, confirms_addresses, former_address, give_address
from .checks import email_error, email_format_error, new_email_error
from .passwords import WrongPassword, hash_password, password_error, verify_password
from .sessions import end_other_sessions
from .signed_links import is_confirmed, proves_address, user_and_email_of, user_of_password_token
from .signing_up import password_mismatch_error


def accounts_to_recover(email: str) -> list[User]:
    """The account with this address, else the newest that wait for it, for a password reset.

    Raises `InvalidInput` (email) if malformed. Takes as many queries for any address.
    """
    email = clean_line(email)
    raise_if_invalid(email=email_format_error(email))
    owner, waiting = find_by_email(email), accounts_waiting_for(email)
    return [owner] if owner else waiting


def reset_password(token: str, *, password: str, password2: str, now: datetime) -> User:
    """Set a new password by a link; ends every session, revokes every personal token. Returns the account.

    A link that was mailed also confirms the address. Raises `StaleLink` and `InvalidInput` (password, password2).
    """
    user = user_of_password_token(token)
    password_hash = _new_hash(user, password, password2)
    lock_row(user)
    user_of_password_token(token)  # of several requests that use the link at once, the first wins
    user.password_hash = password_hash
    if proves_address(token):
        _confirm_by_password_link(user, now)
    db.session.flush()
    revoke_access_tokens(user.id)  # an intruder may have created some
    end_other_sessions(user.id, besides=None)
    return user


def _confirm_by_password_link(user: User, now: datetime) -> None:
    if user.email is None or user.email_confirmed_at is not None:
        return
    with suppress(Conflict):  # the address stays unconfirmed: another account has it
        confirm_address(user, user.email, now=now)


def change_password(
    user: User, *, current_password: str, password: str, password2: str, session_id: int | None, revokes_tokens: bool
) -> None:
    """Set a new password, and end every session except `session_id`; with `revokes_tokens` revoke the personal tokens.

    Raises `InvalidInput` for each wrong field.
    """
    require_password(user, current_password)
    user.password_hash = _new_hash(user, password, password2)
    db.session.flush()
    if revokes_tokens:
        revoke_access_tokens(user.id)
    end_other_sessions(user.id, besides=session_id)


def require_password(user: User, password: str) -> None:
    """Raise `WrongPassword` (current_password) unless `password` is the account's."""
    if not verify_password(password, user.password_hash):
        raise WrongPassword(_("This is not your current password. Please check it."), field="current_password")


def _new_hash(user: User, password: str, password2: str) -> str:
    """The hash of a new password. Raises `InvalidInput` (password, password2)."""
    raise_if_invalid(
        password=password_error(password, user.username, (user.email or "").partition("@")[0]),
        password2=password_mismatch_error(password, password2),
    )
    return hash_password(password)


def check_email_change(user: User, *, email: str, current_password: str) -> str:
    """Check a requested new address. Returns it cleaned; raises `InvalidInput` (current_password, email)."""
    require_password(user, current_password)
    email = clean_line(email)
    is_same = email_key(email) == user.email_key and user.email_confirmed_at is not None
    problem = new_email_error(email) if confirms_addresses() else email_error(email, besides=user.id)
    raise_if_invalid(email=_("This is already your address.") if is_same else problem)
    return email


def begin_password_request(user: User) -> None:
    """Begin to recover the password of an account by mail: links of former requests become void."""
    user.password_request = secrets.token_hex(8)
    db.session.flush()


def confirm_email(token: str, *, now: datetime) -> tuple[User, FormerAddress | None]:
    """Set the address of a link as the account's confirmed one; using the link again changes nothing.

    Returns the account and the address that it had before, if that was another one. Raises `StaleLink`, and `Conflict`
    if another account took the address meanwhile.
    """
    user, email = user_and_email_of(token)
    lock_row(user)
    user_and_email_of(token)  # a newer request may have voided the link meanwhile
    former = former_address(user)
    if is_confirmed(user, email):
        return user, None
    confirm_address(user, email, now=now)
    return user, former if former and former.email != email else None


def set_email(user: User, email: str) -> None:
    """Set an unconfirmed address, with which the owner can request a password link.

    Emits `AddressChanged`. Raises `InvalidInput` (email).
    """
    email = clean_line(email)
    raise_if_invalid(email=email_error(email, besides=user.id))
    give_address(user, email, confirmed_at=None)
    db.session.flush()
    emit(AddressChanged(user.id))
