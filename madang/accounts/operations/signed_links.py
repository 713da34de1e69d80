"""Signed links in mails: they expire, and are bound to the values they change, so that each works once."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from madang.core.db import db
from madang.core.errors import MadangError
from madang.core.i18n import _
from madang.core.settings import setting
from madang.core.signing import SteadySigner

from ..models import User


class StaleLink(MadangError):
    """A link that was used already, has expired, or was not signed by this site."""

    code = "stale_link"
    status = 410


@dataclass(frozen=True, slots=True)
class LinkKind:
    """A kind of link. `name` is part of the signature, so that a token of one kind is invalid for others."""

    name: str
    lifetime: timedelta


PASSWORD_LINK = LinkKind("password", timedelta(hours=2))
STAFF_PASSWORD_LINK = LinkKind("handed password", timedelta(days=2))  # an administrator passes it on
EMAIL_LINK = LinkKind("email", timedelta(days=3))


def password_token(user: User) -> str:
    """A token for the mail link that sets the account's password.

    Void once the password or the address changes, and once a newer link is requested.
    """
    return _serializer(PASSWORD_LINK).dumps([user.id, _mailed_password_fingerprint(user)])


def staff_password_token(user: User) -> str:
    """A `password_token` for a link that an administrator hands over: it confirms no address, and lives two days.

    It outlives requests by mail: anybody can make those.
    """
    return _serializer(STAFF_PASSWORD_LINK).dumps([user.id, _password_fingerprint(user)])


def proves_address(token: str) -> bool:
    """Whether a password link was sent by mail, so that its use confirms the address."""
    try:
        _read(PASSWORD_LINK, token, 2)
    except StaleLink:
        return False
    return True


def user_of_password_token(token: str) -> User:
    """The account whose password the link sets. Raises `StaleLink`."""
    is_mailed = proves_address(token)
    user_id, fingerprint = _read(PASSWORD_LINK if is_mailed else STAFF_PASSWORD_LINK, token, 2)
    user = _existing_user(user_id)
    if fingerprint != (_mailed_password_fingerprint(user) if is_mailed else _password_fingerprint(user)):
        raise _stale_link()
    return user


def email_token(user: User, email: str) -> str:
    """A token for the link that confirms `email`, the account's present or future address."""
    return _serializer(EMAIL_LINK).dumps([user.id, email, _email_fingerprint(user)])


def user_and_email_of(token: str) -> tuple[User, str]:
    """The account, and the address that the link confirms for it. Raises `StaleLink`.

    A link to the address that the account has confirmed is accepted whatever came between: it changes nothing.
    """
    user_id, email, fingerprint = _read(EMAIL_LINK, token, 3)
    user = _existing_user(user_id)
    if fingerprint != _email_fingerprint(user) and not is_confirmed(user, email):
        raise _stale_link()
    return user, email


def is_confirmed(user: User, email: str) -> bool:
    """Whether `email` is the confirmed address of the account."""
    return user.email == email and user.email_confirmed_at is not None


def _serializer(kind: LinkKind) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(setting("SECRET_KEY"), salt=f"madang {kind.name}", signer=SteadySigner)


def _read(kind: LinkKind, token: str, length: int) -> list[Any]:
    """The `length` values signed into a token. Raises `StaleLink`."""
    try:
        parts = _serializer(kind).loads(token, max_age=int(kind.lifetime.total_seconds()))
    except BadData:
        raise _stale_link() from None
    if not isinstance(parts, list) or len(parts) != length:
        raise _stale_link()
    return parts


def _existing_user(user_id: int) -> User:
    user = db.session.get(User, user_id)
    if user is None or user.is_deleted:
        raise _stale_link()
    return user


def _stale_link() -> StaleLink:
    return StaleLink(
        _("This link has already been used, has expired, or was replaced by a newer one. Please request a new link.")
    )


def _password_fingerprint(user: User) -> str:
    return _digest(user.password_hash, user.email_key)


def _mailed_password_fingerprint(user: User) -> str:
    """Includes the latest request, which voids older links.

    Links that were sent before requests had names are valid until the next request.
    """
    if user.password_request is None:
        return _password_fingerprint(user)
    return _digest(user.password_hash, user.email, user.email_key, user.password_request)


def _email_fingerprint(user: User) -> str:
    """Includes the latest request, which voids older links, and the password hash, so that a new password voids all.

    Links that were sent before requests had names are valid until the next request.
    """
    if user.email_request is None:
        return _digest(user.password_hash, user.email_key, user.email_confirmed_at)
    return _digest(user.password_hash, user.email_request)


def _digest(*values: object) -> str:
    return hashlib.sha256(repr([str(value) for value in values]).encode()).hexdigest()[:32]
