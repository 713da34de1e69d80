"""Sign up: create an account with username, address and password."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from madang.core.actor import GUEST
from madang.core.db import db
from madang.core.errors import InvalidInput, raise_if_invalid
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.text import clean_line, normalized

from ..events import UserSignedUp
from ..models import DISPLAY_NAME_MAX, User
from ..policies.look_alikes import skeleton
from .addresses import await_address, give_address
from .checks import email_error, new_email_error, username_error
from .passwords import hash_password, password_error
from .sessions import end_other_sessions


def sign_up(
    *,
    username: str,
    email: str,
    password: str,
    password2: str,
    now: datetime,
    locale: str | None = None,
    role: str = "member",
    guest_id: int | None = None,
    confirms_address: bool = False,
) -> User:
    """Create an account. The row of the guest `guest_id`, if given, becomes the account, with all that it owns.

    With `confirms_address` the address becomes the account's only once a mailed link confirms it, and whether another
    account has it is not said. Raises `InvalidInput` with every wrong field at once.
    """
    username, email = clean_line(username), clean_line(email)
    raise_if_invalid(
        **account_errors(username, email, password, password2, guest_id=guest_id, confirms_address=confirms_address)
    )
    password_hash = hash_password(password)
    user = (_lock_guest(guest_id) if guest_id else None) or User()
    with refuse_taken_names(user):
        user.username, user.username_key, user.display_name = username, skeleton(username), username[:DISPLAY_NAME_MAX]
        if confirms_address:
            await_address(user, email)
        else:
            give_address(user, email, confirmed_at=None)
        user.password_hash, user.locale, user.role, user.created_at = password_hash, locale, role, now
    if guest_id:
        end_other_sessions(user.id, besides=None)  # others who opened the handle do not own the account
    emit(UserSignedUp(user.id))
    return user


def account_errors(
    username: str,
    email: str,
    password: str,
    password2: str,
    *,
    guest_id: int | None = None,
    confirms_address: bool = False,
) -> dict[str, str | None]:
    """The errors of the fields of `sign_up`, by name."""
    username, email = clean_line(username), clean_line(email)
    return {
        "username": username_error(username, besides=guest_id),
        "email": new_email_error(email) if confirms_address else email_error(email),
        "password": password_error(password, username, email.partition("@")[0]),
        "password2": password_mismatch_error(password, password2),
    }


@contextmanager
def refuse_taken_names(user: User) -> Iterator[None]:
    """Flush the name and address that the block sets on `user`. Raises `InvalidInput` if one was just taken."""
    try:
        with db.session.begin_nested():
            yield
            db.session.add(user)
            db.session.flush()
    except IntegrityError as error:
        raise InvalidInput(
            _("Someone took this name or address a moment ago. Please choose another."), field="username"
        ) from error


def _lock_guest(guest_id: int) -> User | None:
    """The guest, its row locked until the transaction ends; None if it is no guest any more."""
    is_that_guest = (User.id == guest_id) & (User.role == GUEST)
    return db.session.scalar(
        select(User).where(is_that_guest).with_for_update().execution_options(populate_existing=True)
    )


def password_mismatch_error(password: str, password2: str) -> str | None:
    """The error of a repeated password that differs from the first."""
    return (
        None
        if normalized(password) == normalized(password2)
        else _("The passwords do not match. Please type the same password twice.")
    )
