"""Links in mails: signed, soon too old, and bound to what they change, so that each works once."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from madang.core.clock import now
from madang.core.db import db
from madang.core.errors import MadangError
from madang.core.i18n import _
from madang.core.settings import setting

from ..models import User


class StaleLink(MadangError):
    """A link that was used already, is too old, or was never ours."""

    code = "stale_link"
    status = 410


@dataclass(frozen=True, slots=True)
class LinkKind:
    name: str
    lifetime: timedelta


PASSWORD_LINK = LinkKind("password", timedelta(hours=2))
HANDED_LINK = LinkKind("handed password", timedelta(days=2))  # an administrator passes it on
EMAIL_LINK = LinkKind("email", timedelta(days=3))


class _Signer(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(now().timestamp())


def password_token(user: User) -> str:
    """Lets its bearer set the account's password, until the password or the address changes."""
    return _serializer(PASSWORD_LINK).dumps([user.id, _password_seal(user)])


def handed_password_token(user: User) -> str:
    """The same for a link that an administrator passes on: it proves no address, and lives longer."""
    return _serializer(HANDED_LINK).dumps([user.id, _password_seal(user)])


def proves_address(token: str) -> bool:
    """Whether a link that sets a password came by mail."""
    try:
        _read(PASSWORD_LINK, token, 2)
    except StaleLink:
        return False
    return True


def user_of_password_token(token: str) -> User:
    """Whose password the link sets. Raises `StaleLink`."""
    user_id, seal = _read(PASSWORD_LINK if proves_address(token) else HANDED_LINK, token, 2)
    user = _live_user(user_id)
    if seal != _password_seal(user):
        raise _stale()
    return user


def email_token(user: User, email: str) -> str:
    """Proves that its bearer reads the mail of `email`, which becomes the account's address or is it already."""
    return _serializer(EMAIL_LINK).dumps([user.id, email, _email_seal(user)])


def user_and_email_of(token: str) -> tuple[User, str]:
    """The account and the address that the link confirms for it. Raises `StaleLink`."""
    user_id, email, seal = _read(EMAIL_LINK, token, 3)
    user = _live_user(user_id)
    if seal != _email_seal(user):
        raise _stale()
    return user, email


def _serializer(kind: LinkKind) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(setting("SECRET_KEY"), salt=f"madang {kind.name}", signer=_Signer)


def _read(kind: LinkKind, token: str, length: int) -> list[Any]:
    try:
        parts = _serializer(kind).loads(token, max_age=int(kind.lifetime.total_seconds()))
    except BadData:
        raise _stale() from None
    if not isinstance(parts, list) or len(parts) != length:
        raise _stale()
    return parts


def _live_user(user_id: int) -> User:
    user = db.session.get(User, user_id)
    if user is None or user.is_deleted:
        raise _stale()
    return user


def _stale() -> StaleLink:
    return StaleLink(_("This link has been used already, or it is too old. Please ask for a new one."))


def _password_seal(user: User) -> str:
    return _seal(user.password_hash, user.email_key)


def _email_seal(user: User) -> str:
    """A changed password takes the link away too: a thief who asked for another address loses it."""
    return _seal(user.password_hash, user.email_key, user.email_confirmed_at)


def _seal(*values: object) -> str:
    return hashlib.sha256(repr([str(value) for value in values]).encode()).hexdigest()[:32]
