"""Personal tokens for programs, and the rotation of what an API session is refreshed with: operations."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound, invalid, require, too_long
from madang.core.i18n import _
from madang.core.text import clean_line

from ..models import SESSION_RENEWED_AFTER, TOKEN_NAME_MAX, AccessToken, LoginSession
from ..queries.actors import token_hash

PREFIX = "madang_"
SCOPES = ("read", "write", "messages", "admin")
MOST_TOKENS = 50
LONGEST_DAYS = 366


def make_access_token(
    *, actor: Actor, name: str, scopes: list[str], days: int | None, now: datetime
) -> tuple[AccessToken, str]:
    """Make a token that lives for `days`, or until it is taken back. Returns its row and its secret, shown this once.

    Raises `InvalidInput` (name, scopes, days) and `Forbidden`.
    """
    require(actor.is_authenticated, _("Please log in first."))
    name = clean_line(name)
    invalid(
        name=_name_sentence(name, actor),
        scopes=_scopes_sentence(scopes, actor),
        days=None if days is None or 1 <= days <= LONGEST_DAYS else _days_sentence(),
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


def _name_sentence(name: str, actor: Actor) -> str | None:
    if not name:
        return _("Please give it a name, so that you know it again.")
    mine = select(AccessToken.id).where(AccessToken.user_id == actor.id).limit(MOST_TOKENS)
    if len(db.session.scalars(mine).all()) >= MOST_TOKENS:
        return _("You have %(most)s tokens already. Please take one back first.", most=MOST_TOKENS)
    return too_long(name, TOKEN_NAME_MAX)


def _scopes_sentence(scopes: list[str], actor: Actor) -> str | None:
    if not scopes:
        return _("Please choose what it may be used for.")
    if not set(scopes) <= set(SCOPES):
        return _("There are only these scopes: %(scopes)s.", scopes=", ".join(SCOPES))
    if "admin" in scopes and not actor.is_staff:
        return _("Only staff can make a token for administration.")
    return None


def _days_sentence() -> str:
    return _("A token lives for 1 to %(most)s days, or until you take it back.", most=LONGEST_DAYS)


def revoke_access_token(token_id: int, *, actor: Actor) -> None:
    """Take a token back: it opens nothing from now on. Raises `NotFound`."""
    mine = delete(AccessToken).where(AccessToken.id == token_id, AccessToken.user_id == actor.id)
    if not db.session.execute(mine).rowcount:  # type: ignore[attr-defined]
        raise NotFound


def revoke_access_tokens(user_id: int) -> None:
    """Take all tokens of a person back."""
    theirs = delete(AccessToken).where(AccessToken.user_id == user_id)
    db.session.execute(theirs.execution_options(synchronize_session=False))


def note_use(token_id: int, *, used_at: datetime | None, now: datetime) -> None:
    """Write down that a token was used, every ten minutes at most."""
    if used_at is None or now - used_at >= SESSION_RENEWED_AFTER:
        db.session.execute(update(AccessToken).where(AccessToken.id == token_id).values(last_used_at=now))


def rotate_secret(session_id: int, *, used: str, fresh: str, now: datetime, lifetime: timedelta) -> bool:
    """Put the secret `fresh` in the place of `used`; False if that one is no longer the session's."""
    mine = (LoginSession.id == session_id) & (LoginSession.token_hash == token_hash(used))
    values = {"token_hash": token_hash(fresh), "last_used_at": now, "expires_at": now + lifetime}
    changed = update(LoginSession).where(mine).values(values).execution_options(synchronize_session=False)
    return db.session.execute(changed).rowcount == 1  # type: ignore[attr-defined]


def forget_ended_tokens(moment: datetime) -> None:
    """Throw away the tokens that had ended by `moment`."""
    old = delete(AccessToken).where(AccessToken.expires_at < moment).execution_options(synchronize_session=False)
    db.session.execute(old)
