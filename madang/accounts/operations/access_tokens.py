"""Create, revoke and purge personal access tokens; rotate the refresh secret of an API session."""

import secrets
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, select, update

from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound, raise_if_invalid, require, too_long_error
from madang.core.i18n import _
from madang.core.text import clean_line

from ..models import SESSION_RENEWED_AFTER, TOKEN_NAME_MAX, AccessToken, LoginSession
from ..queries.actors import token_hash

PREFIX = "madang_"
SCOPES = ("read", "write", "messages", "account", "admin")
MAX_TOKENS = 50
MAX_LIFETIME_DAYS = 366


def make_access_token(
    *, actor: Actor, name: str, scopes: list[str], days: int | None, now: datetime
) -> tuple[AccessToken, str]:
    """Create a token valid for `days`, or until it is revoked. Returns its row and its secret, which is not stored.

    Raises `InvalidInput` (name, scopes, days) and `Forbidden`.
    """
    require(actor.is_authenticated, _("Please log in first."))
    name = clean_line(name)
    raise_if_invalid(
        name=_name_error(name, actor),
        scopes=_scopes_error(scopes, actor),
        days=None if days is None or 1 <= days <= MAX_LIFETIME_DAYS else _days_error(),
    )
    secret = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken(
        user_id=actor.id,
        name=name,
        scopes=" ".join(scope for scope in SCOPES if scope in scopes),
        token_hash=token_hash(secret),
        created_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )
    db.session.add(token)
    db.session.flush()
    return token, secret


def _name_error(name: str, actor: Actor) -> str | None:
    if not name:
        return _("Please give it a name you will recognise.")
    theirs = select(AccessToken.id).where(AccessToken.user_id == actor.id).limit(MAX_TOKENS)
    if len(db.session.scalars(theirs).all()) >= MAX_TOKENS:
        return _("You already have %(most)s tokens. Please revoke one first.", most=MAX_TOKENS)
    return too_long_error(name, TOKEN_NAME_MAX)


def _scopes_error(scopes: list[str], actor: Actor) -> str | None:
    if not scopes:
        return _("Please choose its permissions.")
    if not set(scopes) <= set(SCOPES):
        return _("There are only these scopes: %(scopes)s.", scopes=", ".join(SCOPES))
    if "admin" in scopes and not actor.is_staff:
        return _("Only staff can create tokens for administration.")
    return None


def _days_error() -> str:
    return _("A token is valid for 1 to %(most)s days, or has no expiration.", most=MAX_LIFETIME_DAYS)


def revoke_access_token(token_id: int, *, actor: Actor) -> None:
    """Revoke a token of the actor. Raises `NotFound`."""
    theirs = delete(AccessToken).where(AccessToken.id == token_id, AccessToken.user_id == actor.id)
    if not cast(CursorResult, db.session.execute(theirs)).rowcount:
        raise NotFound


def revoke_access_tokens(user_id: int) -> None:
    """Revoke all tokens of a person."""
    theirs = delete(AccessToken).where(AccessToken.user_id == user_id)
    db.session.execute(theirs.execution_options(synchronize_session=False))


def record_token_use(token_id: int, *, used_at: datetime | None, now: datetime) -> None:
    """Store the time of a token's last use, at most every ten minutes."""
    if used_at is None or now - used_at >= SESSION_RENEWED_AFTER:
        db.session.execute(update(AccessToken).where(AccessToken.id == token_id).values(last_used_at=now))


def rotate_secret(session_id: int, *, used: str, fresh: str, now: datetime, lifetime: timedelta) -> bool:
    """Replace the session's secret `used` by `fresh` and extend it. Returns False if `used` is outdated."""
    theirs = (LoginSession.id == session_id) & (LoginSession.token_hash == token_hash(used))
    values = {"token_hash": token_hash(fresh), "last_used_at": now, "expires_at": now + lifetime}
    changed = update(LoginSession).where(theirs).values(values).execution_options(synchronize_session=False)
    return cast(CursorResult, db.session.execute(changed)).rowcount == 1


def purge_expired_tokens(moment: datetime) -> None:
    """Delete the tokens that expired before `moment`."""
    expired = delete(AccessToken).where(AccessToken.expires_at < moment).execution_options(synchronize_session=False)
    db.session.execute(expired)
