"""Load the actor of a session, a personal token or an account; list sessions and tokens."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Row, String, bindparam, cast, func, select

from madang.core.actor import GUEST, Actor
from madang.core.clock import now
from madang.core.db import db
from madang.core.settings import setting

from ..models import AccessToken, LoginSession, Membership, User
from .users import avatar_url

NO_GROUPS: frozenset[int] = frozenset()
# In the statement of the actor, as one text: another statement would cost each request more than this.
_GROUP_IDS = (
    select(func.aggregate_strings(cast(Membership.group_id, String), ","))
    .where(Membership.user_id == User.id)
    .correlate(User)
    .scalar_subquery()
)
_GROUPS_OF = select(Membership.group_id).where(Membership.user_id == bindparam("user"))
_ACTOR_COLUMNS = (
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
    _GROUP_IDS.label("group_ids"),
)
_SESSION_ACTORS = (
    select(LoginSession.id.label("session_id"), LoginSession.last_used_at, *_ACTOR_COLUMNS)
    .join(User, User.id == LoginSession.user_id)
    .where(LoginSession.expires_at > bindparam("now"), User.deleted_at.is_(None))
)
_BY_SECRET = _SESSION_ACTORS.where(LoginSession.token_hash == bindparam("hash"))
_BY_SESSION = _SESSION_ACTORS.where(LoginSession.id == bindparam("session"), User.id == bindparam("user"))
_IS_VALID = AccessToken.expires_at.is_(None) | (AccessToken.expires_at > bindparam("now"))
_BY_ACCESS_TOKEN = (
    select(
        AccessToken.id.label("access_token_id"),
        AccessToken.scopes,
        AccessToken.last_used_at,
        *_ACTOR_COLUMNS,
    )
    .join(User, User.id == AccessToken.user_id)
    .where(AccessToken.token_hash == bindparam("hash"), _IS_VALID, User.deleted_at.is_(None))
)


def token_hash(token: str) -> str:
    """The SHA-256 hash, in hexadecimal, by which secrets are stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def get_actor_by_token(token: str) -> Actor | None:
    """The actor of the session with this secret; None if it has ended."""
    current_time = now()
    row = next(iter(db.rows(_BY_SECRET, {"hash": token_hash(token), "now": current_time})), None)
    if row is None or _is_switched_off(row):
        return None
    return _actor(row, current_time, session_id=row.session_id, session_used_at=row.last_used_at, token=token)


def find_session(session_id: int, user_id: int) -> Row | None:
    """The session with this id and the columns of its owner, for a program's JWT; None if it has ended."""
    row = next(iter(db.rows(_BY_SESSION, {"session": session_id, "user": user_id, "now": now()})), None)
    return None if row is None or _is_switched_off(row) else row


def _is_switched_off(row: Row) -> bool:
    """Whether this is a guest of a site that has no guests now; the row stays."""
    return row.role == GUEST and not setting("FEATURE_GUESTS")


def actor_of_session(row: Row) -> Actor:
    """The actor of a row of `find_session`."""
    return _actor(row, now(), session_id=row.session_id)


def find_access_token(token: str) -> Row | None:
    """The personal token with this secret and the columns of its owner; None if it is unknown or expired."""
    return next(iter(db.rows(_BY_ACCESS_TOKEN, {"hash": token_hash(token), "now": now()})), None)


def actor_of_token(row: Row) -> Actor:
    """The actor of a row of `find_access_token`."""
    return _actor(row, now())


def access_tokens_of(user_id: int) -> list[AccessToken]:
    """A person's personal tokens, the newest first."""
    tokens = select(AccessToken).where(AccessToken.user_id == user_id)
    return list(db.session.scalars(tokens.order_by(AccessToken.id.desc())))


def _actor(
    row: Row,
    current_time: datetime,
    *,
    session_id: int | None = None,
    session_used_at: datetime | None = None,
    token: str = "",
) -> Actor:
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
        is_suspended=row.suspended_until is not None and row.suspended_until > current_time,
        suspended_until=row.suspended_until,
        suspended_reason=row.suspended_reason,
        unread_notification_count=row.unread_notification_count,
        session_id=session_id,
        session_used_at=session_used_at,
        token=token,
        group_ids=frozenset(map(int, row.group_ids.split(","))) if row.group_ids else NO_GROUPS,
    )


def actor_of(user: User) -> Actor:
    """The actor for `user` outside a session: in a command, a job, a test."""
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
        group_ids=group_ids_of(user.id),
    )


def group_ids_of(user_id: int) -> frozenset[int]:
    """The ids of the groups that a person is a member of."""
    return frozenset(row.group_id for row in db.rows(_GROUPS_OF, {"user": user_id}))


def group_ids_among(user_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The ids of the groups of these people, by their id; those who are in none are left out."""
    groups: dict[int, set[int]] = {}
    members = select(Membership.user_id, Membership.group_id).where(Membership.user_id.in_(user_ids))
    for row in db.rows(members):
        groups.setdefault(row.user_id, set()).add(row.group_id)
    return {user_id: frozenset(ids) for user_id, ids in groups.items()}


def sessions_of(user_id: int) -> list[LoginSession]:
    """A person's open sessions, the last used first."""
    sessions = select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.expires_at > now())
    return list(db.session.scalars(sessions.order_by(LoginSession.last_used_at.desc(), LoginSession.id.desc())))
