"""The e-mail address of an account: taken at once, or once its owner has confirmed it.

Where mails can confirm addresses, nobody learns from sign-up or settings whether an address has an account: it waits
without a claim, so that several accounts may wait for the same one, and belongs to the first that confirms it.
"""

import secrets
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from madang.core.db import db
from madang.core.email_addresses import email_key
from madang.core.errors import Conflict
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.mail import can_mail
from madang.core.settings import setting

from ..events import AddressChanged
from ..models import FormerAddress, User


def former_address(user: User) -> FormerAddress | None:
    """The present address of an account that is about to have another."""
    return FormerAddress(user.email, user.pending_email_key is not None) if user.email else None


def confirms_addresses() -> bool:
    """Whether the site confirms addresses by mails."""
    return bool(can_mail() or setting("EMAIL_CONFIRMATION"))


def await_address(user: User, email: str) -> None:
    """Let `email` wait to be confirmed for a new account. Nobody else is kept from it."""
    user.email, user.email_key, user.email_confirmed_at = email, None, None
    user.pending_email_key = email_key(email)


def give_address(user: User, email: str | None, *, confirmed_at: datetime | None) -> None:
    """Set the address of an account, which ends all requests to confirm one: no older link undoes it.

    Flushing it fails with `IntegrityError` if another account has the address.
    """
    user.email, user.email_key, user.email_confirmed_at = email, email_key(email) if email else None, confirmed_at
    user.pending_email_key = None
    begin_email_request(user)


def begin_email_request(user: User) -> None:
    """Begin to confirm an address: links of former requests become void."""
    user.email_request = secrets.token_hex(8)


def confirm_address(user: User, email: str, *, now: datetime) -> None:
    """Set the address that the owner of the account has proved to read. Raises `Conflict` if another account has it.

    Emits `AddressChanged`.
    """
    try:
        with db.session.begin_nested():
            give_address(user, email, confirmed_at=now)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("Another account now uses this address. Please choose a different one.")) from error
    emit(AddressChanged(user.id))
