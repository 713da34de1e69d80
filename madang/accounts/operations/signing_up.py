"""Sign up: an account with a name, an address and a password."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from madang.core.actor import GUEST
from madang.core.db import db
from madang.core.errors import InvalidInput, invalid
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.text import clean_line, email_key

from ..events import UserSignedUp
from ..models import DISPLAY_NAME_MAX, User
from ..policies.usernames import skeleton
from .checks import email_sentence, username_sentence
from .passwords import hash_password, password_problem
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
) -> User:
    """Make an account; a guest's row becomes it, with all that is the guest's.

    Raises `InvalidInput` with every wrong field at once.
    """
    username, email = clean_line(username), clean_line(email)
    invalid(
        username=username_sentence(username),
        email=email_sentence(email),
        password=password_problem(password, username, email.partition("@")[0]),
        password2=differing_passwords(password, password2),
    )
    password_hash = hash_password(password)
    user = (_held_guest(guest_id) if guest_id else None) or User()
    with naming(user):
        _name(user, username, email)
        user.password_hash, user.locale, user.role, user.created_at = password_hash, locale, role, now
    if guest_id:
        end_other_sessions(user.id, besides=None)  # whoever else has opened the handle is not the account's owner
    emit(UserSignedUp(user.id))
    return user


@contextmanager
def naming(user: User) -> Iterator[None]:
    """Write the name and address that the block gives to `user`. Raises `InvalidInput` if they are taken by now."""
    try:
        with db.session.begin_nested():
            yield
            db.session.add(user)
            db.session.flush()
    except IntegrityError as error:
        raise InvalidInput(
            _("This name or address was taken a moment ago. Please choose another."), field="username"
        ) from error


def _name(user: User, username: str, email: str) -> None:
    user.username, user.username_key, user.display_name = username, skeleton(username), username[:DISPLAY_NAME_MAX]
    user.email, user.email_key = email, email_key(email)


def _held_guest(guest_id: int) -> User | None:
    """The guest, whom nobody else can open or delete until the transaction ends; None if it is none by now."""
    is_meant = (User.id == guest_id) & (User.role == GUEST)
    return db.session.scalar(select(User).where(is_meant).with_for_update().execution_options(populate_existing=True))


def differing_passwords(password: str, password2: str) -> str | None:
    """What is wrong with the second of two passwords, as a sentence."""
    return None if password == password2 else _("The two passwords differ. Please type the same one twice.")
