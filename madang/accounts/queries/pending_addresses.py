"""The accounts that wait for the confirmation of an address."""

from sqlalchemy import select

from madang.core.db import db
from madang.core.email_addresses import email_key

from ..models import User

MAX_ACCOUNTS = 3  # that one mail names: anybody can sign up with any address


def accounts_waiting_for(email: str) -> list[User]:
    """The newest accounts that wait for the confirmation of this address, at most `MAX_ACCOUNTS`."""
    waits = User.is_account() & (User.pending_email_key == email_key(email))
    return list(db.session.scalars(select(User).where(waits).order_by(User.id.desc()).limit(MAX_ACCOUNTS)))
