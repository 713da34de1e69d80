"""Log in, and open, renew, end and purge sessions."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, select, update

from madang.core.db import db
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.text import clean_line

from ..events import SessionsEnded
from ..models import MAX_SESSIONS, SESSION_RENEWED_AFTER, LoginSession, User
from ..queries.actors import token_hash
from ..queries.users import find_by_login
from .addresses import confirms_addresses
from .passwords import WrongPassword, renewed_hash, verify_password


def log_in(*, login: str, password: str) -> User:
    """The account with this username or address, and password. Raises `WrongPassword`, the same for every cause."""
    user = find_by_login(clean_line(login))
    if not verify_password(password, user.password_hash if user else None) or user is None:
        raise WrongPassword(_wrong_login(login))
    if fresh := renewed_hash(password, user.password_hash):
        user.password_hash = fresh
    return user


def _wrong_login(login: str) -> str:
    if "@" in login and confirms_addresses():
        return _("The e-mail address or password is wrong. Until an address is confirmed, log in with the username.")
    return _("The username or password is wrong. Please check both.")


def start_session(
    user: User, *, now: datetime, lifetime: timedelta, is_remembered: bool, user_agent: str, ip_address: str
) -> str:
    """Open a session with a random secret. Returns the secret, to be set as cookie."""
    token = secrets.token_urlsafe(32)
    open_session(
        user,
        secret=token,
        now=now,
        lifetime=lifetime,
        is_remembered=is_remembered,
        user_agent=user_agent,
        ip_address=ip_address,
    )
    return token


def open_session(
    user: User,
    *,
    secret: str,
    now: datetime,
    lifetime: timedelta,
    is_remembered: bool,
    user_agent: str,
    ip_address: str,
) -> LoginSession:
    """Open a session identified by `secret`.

    Deletes the person's expired sessions, and the least recently used above `MAX_SESSIONS`.
    """
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id, LoginSession.expires_at <= now))
    session = LoginSession(
        user_id=user.id,
        token_hash=token_hash(secret),
        is_remembered=is_remembered,
        user_agent=clean_line(user_agent)[:200],
        ip_address=ip_address[:45],
        created_at=now,
        last_used_at=now,
        expires_at=now + lifetime,
    )
    db.session.add(session)
    user.last_seen_at = now
    db.session.flush()
    by_last_use = (
        select(LoginSession.id).where(LoginSession.user_id == user.id).order_by(LoginSession.last_used_at.desc())
    )
    _end_sessions(user.id, db.session.scalars(by_last_use.order_by(LoginSession.id.desc())).all()[MAX_SESSIONS:])
    return session


def _end_sessions(user_id: int, session_ids: Sequence[int]) -> None:
    if session_ids:
        db.session.execute(delete(LoginSession).where(LoginSession.id.in_(session_ids)))
        emit(SessionsEnded(user_id, tuple(session_ids)))


def renew_session(session_id: int, *, user_id: int, used_at: datetime, now: datetime, lifetime: timedelta) -> None:
    """Extend a session in use by `lifetime`, at most every ten minutes."""
    if now - used_at < SESSION_RENEWED_AFTER:
        return
    db.session.execute(
        update(LoginSession).where(LoginSession.id == session_id).values(last_used_at=now, expires_at=now + lifetime)
    )
    db.session.execute(update(User).where(User.id == user_id).values(last_seen_at=now))


def end_session(session_id: int, *, user_id: int) -> bool:
    """End one session of a person. Returns False if there is no such session."""
    theirs = delete(LoginSession).where(LoginSession.id == session_id, LoginSession.user_id == user_id)
    if not cast(CursorResult, db.session.execute(theirs)).rowcount:
        return False
    emit(SessionsEnded(user_id, (session_id,)))
    return True


def end_other_sessions(user_id: int, *, besides: int | None) -> None:
    """End all sessions of a person except the session `besides`."""
    theirs = select(LoginSession.id).where(LoginSession.user_id == user_id)
    if besides is not None:
        theirs = theirs.where(LoginSession.id != besides)
    _end_sessions(user_id, db.session.scalars(theirs).all())


def purge_expired_sessions(moment: datetime) -> None:
    """Delete the sessions that expired before `moment`."""
    db.session.execute(
        delete(LoginSession).where(LoginSession.expires_at < moment).execution_options(synchronize_session=False)
    )
