"""Passwords that were forgotten or are changed, and addresses that are confirmed or change."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from madang.core.db import db
from madang.core.errors import Conflict, InvalidInput, invalid
from madang.core.i18n import _
from madang.core.text import clean_line, email_key

from ..models import User
from ..queries.users import find_by_email
from .access_tokens import revoke_access_tokens
from .checks import email_sentence, email_shape_sentence
from .passwords import hash_password, password_problem, verify_password
from .sessions import end_other_sessions
from .signing_up import differing_passwords


def account_to_recover(email: str) -> User | None:
    """Whose password somebody forgot, if it is anybody's. Raises `InvalidInput` (email) for what is no address."""
    email = clean_line(email)
    invalid(email=email_shape_sentence(email))
    return find_by_email(email)


def reset_password(user: User, *, password: str, password2: str, now: datetime, proves_address: bool = True) -> None:
    """Set a new password for somebody who came by a link, and end every session and token. One in a mail proves the
    address.

    Raises `InvalidInput` (password, password2).
    """
    _set_password(user, password, password2)
    if proves_address:
        user.email_confirmed_at = user.email_confirmed_at or now
    db.session.flush()
    revoke_access_tokens(user.id)  # whoever was in the account may have made some
    end_other_sessions(user.id, besides=None)


def change_password(
    user: User, *, current_password: str, password: str, password2: str, session_id: int | None
) -> None:
    """Set a new password; every session but `session_id` ends. Raises `InvalidInput` for each wrong field."""
    require_password(user, current_password)
    _set_password(user, password, password2)
    db.session.flush()
    end_other_sessions(user.id, besides=session_id)


def require_password(user: User, password: str) -> None:
    """Refuse unless `password` is the account's. Raises `InvalidInput` (current_password)."""
    if not verify_password(password, user.password_hash):
        raise InvalidInput(_("This is not your present password. Please check it."), field="current_password")


def _set_password(user: User, password: str, password2: str) -> None:
    invalid(
        password=password_problem(password, user.username, (user.email or "").partition("@")[0]),
        password2=differing_passwords(password, password2),
    )
    user.password_hash = hash_password(password)


def check_email_change(user: User, *, email: str, current_password: str) -> str:
    """The address, cleaned, that the account may change to once it is confirmed. Raises `InvalidInput`."""
    require_password(user, current_password)
    email = clean_line(email)
    is_same = email_key(email) == user.email_key and user.email_confirmed_at is not None
    invalid(email=_("This is your address already.") if is_same else email_sentence(email, besides=user.id))
    return email


def confirm_email(user: User, email: str, *, now: datetime) -> None:
    """Make `email`, whose mail the person reads, the account's address. Raises `Conflict` if somebody took it since."""
    user.email, user.email_key, user.email_confirmed_at = email, email_key(email), now
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("Another account has this address by now. Please choose a different one.")) from error


def set_email(user: User, email: str) -> None:
    """Give an account an address that nobody has confirmed; its owner can then ask for a password by mail.

    Raises `InvalidInput` (email).
    """
    email = clean_line(email)
    invalid(email=email_sentence(email, besides=user.id))
    user.email, user.email_key, user.email_confirmed_at = email, email_key(email), None
    db.session.flush()
