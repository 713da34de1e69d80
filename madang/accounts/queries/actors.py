"""Find who acts: by the secret of a session, an access token or an account."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from madang.core.actor import Actor
from madang.core.clock import now
from madang.core.db import db

from ..models import AccessToken, LoginSession, User
from .users import avatar_url

# What the one who acts is known by.
_PERSON = (
    User.id,
    User.username,
    User.display_name,
    User.role,
    User.reputation,
    User.avatar_file,
    User.locale,
    User.timezone,
    User.email_confirmed_at,
    User.unread_message_count,
    User.suspended_until,
    User.suspended_reason,
    User.unread_notification_count,
)
_OF_SESSION = (
    select(LoginSession.id.label("session_id"), LoginSession.last_used_at, *_PERSON)
    .join(User, User.id == LoginSession.user_id)
    .where(LoginSession.expires_at > bindparam("now"), User.deleted_at.is_(None))
)
_BY_SECRET = _OF_SESSION.where(LoginSession.token_hash == bindparam("hash"))
_BY_SESSION = _OF_SESSION.where(LoginSession.id == bindparam("session"), User.id == bindparam("user"))
_IS_OPEN = AccessToken.expires_at.is_(None) | (AccessToken.expires_at > bindparam("now"))
_BY_ACCESS_TOKEN = (
    select(
        AccessToken.id.label("access_token_id"),
        AccessToken.scopes,
        AccessToken.last_used_at,
        *_PERSON,
    )
    .join(User, User.id == AccessToken.user_id)
    .where(AccessToken.token_hash == bindparam("hash"), _IS_OPEN, User.deleted_at.is_(None))
)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def get_actor_by_token(token: str) -> Actor | None:
    """Who is logged in with this session's secret; None if it has ended."""
    moment = now()
    row = next(iter(db.rows(_BY_SECRET, {"hash": token_hash(token), "now": moment})), None)
    if row is None:
        return None
    return _actor(row, moment, session_id=row.session_id, session_used_at=row.last_used_at, token=token)


def find_session(session_id: int, user_id: int) -> Row | None:
    """The session of a program that carries its number signed, and its owner's columns; None if it has ended."""
    return next(iter(db.rows(_BY_SESSION, {"session": session_id, "user": user_id, "now": now()})), None)


def actor_of_session(row: Row) -> Actor:
    """The one who acts by a program's session."""
    return _actor(row, now(), session_id=row.session_id)


def find_access_token(token: str) -> Row | None:
    """The personal token with this secret, and its owner's columns; None if there is none, or none any more."""
    return next(iter(db.rows(_BY_ACCESS_TOKEN, {"hash": token_hash(token), "now": now()})), None)


def actor_of_token(row: Row) -> Actor:
    """The one who acts by a personal token."""
    return _actor(row, now())


def access_tokens_of(user_id: int) -> list[AccessToken]:
    """A person's tokens, the newest first."""
    mine = select(AccessToken).where(AccessToken.user_id == user_id)
    return list(db.session.scalars(mine.order_by(AccessToken.id.desc())))


def _actor(row: Row, moment: datetime, **session: Any) -> Actor:
    return Actor(
        id=row.id,
        username=row.username,
        display_name=row.display_name,
        role=row.role,
        reputation=row.reputation,
        avatar_url=avatar_url(row.avatar_file),
        locale=row.locale,
        timezone=row.timezone,
        is_email_confirmed=row.email_confirmed_at is not None,
        unread_message_count=row.unread_message_count,
        is_suspended=row.suspended_until is not None and row.suspended_until > moment,
        suspended_until=row.suspended_until,
        suspended_reason=row.suspended_reason,
        unread_notification_count=row.unread_notification_count,
        **session,
    )


def actor_of(user: User) -> Actor:
    """The actor that acts as `user` outside a session: in a command, a job, a test."""
    return Actor(
        id=user.id,
        username=user.username,
        display_name=user.display_name,
        role=user.role,
        reputation=user.reputation,
        locale=user.locale,
        timezone=user.timezone,
        is_email_confirmed=user.email_confirmed_at is not None,
        is_suspended=user.suspended_until is not None and user.suspended_until > now(),
    )


def sessions_of(user_id: int) -> list[LoginSession]:
    """Where a person is logged in, the last used first."""
    mine = select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.expires_at > now())
    return list(db.session.scalars(mine.order_by(LoginSession.last_used_at.desc(), LoginSession.id.desc())))
