"""Finding people, and who a session's token belongs to."""

import hashlib
from datetime import datetime

from sqlalchemy import Select, bindparam, func, or_, select

from madang.core.actor import Actor
from madang.core.clock import now
from madang.core.db import db
from madang.core.errors import NotFound
from madang.core.files import url_of
from madang.core.text import clean_line, email_key
from madang.core.usernames import skeleton

from .models import LoginSession, User

# What a page prints of whoever wrote something; joined into the rows of lists.
AUTHOR = (
    User.username.label("author_username"),
    User.display_name.label("author_display_name"),
    User.avatar_file.label("author_avatar_file"),
    User.deleted_at.is_not(None).label("author_is_deleted"),
)
_ACTOR = select(
    LoginSession.id.label("session_id"),
    LoginSession.last_used_at,
    User.id,
    User.username,
    User.display_name,
    User.role,
    User.reputation,
    User.avatar_file,
    User.locale,
    User.timezone,
    User.email_confirmed_at,
    User.suspended_until,
    User.suspended_reason,
).join(User, User.id == LoginSession.user_id)
_ACTOR = _ACTOR.where(
    LoginSession.token_hash == bindparam("hash"), LoginSession.expires_at > bindparam("now"), User.deleted_at.is_(None)
)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def get_actor_by_token(token: str) -> Actor | None:
    """Who is logged in with this session's secret; None if it has ended."""
    moment = now()
    row = next(iter(db.rows(_ACTOR, {"hash": token_hash(token), "now": moment})), None)
    return _actor(row, token, moment) if row else None


def _actor(row, token: str, moment: datetime) -> Actor:
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
        is_suspended=row.suspended_until is not None and row.suspended_until > moment,
        suspended_until=row.suspended_until,
        suspended_reason=row.suspended_reason,
        session_id=row.session_id,
        session_used_at=row.last_used_at,
        token=token,
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


def avatar_url(file: str | None) -> str | None:
    return url_of(file) if file else None


def users_visible_to(_actor: Actor) -> Select[User]:
    """Everybody who has not left."""
    return select(User).where(User.deleted_at.is_(None))


def get_user(username: str, actor: Actor) -> User:
    """The person of that name, written in any case. Raises `NotFound`."""
    username = clean_line(username)
    user = db.session.scalar(users_visible_to(actor).where(User.username_key == skeleton(username)))
    if user is None or not _is_name_of(user, username):
        raise NotFound
    return user


def find_by_login(name: str) -> User | None:
    """The account that somebody means who types `name`: an e-mail address or a username."""
    user = db.session.scalar(
        select(User).where(
            User.deleted_at.is_(None), or_(User.email_key == email_key(name), User.username_key == skeleton(name))
        )
    )
    is_meant = user is not None and (_is_name_of(user, name) or user.email_key == email_key(name))
    return user if is_meant else None


def _is_name_of(user: User, name: str) -> bool:
    """Whether `name` is the person's username and not one that only looks like it."""
    return user.username.casefold() == name.casefold()


def find_by_email(email: str) -> User | None:
    """The account that has this address."""
    return db.session.scalar(
        select(User).where(User.deleted_at.is_(None), User.email_key == email_key(clean_line(email)))
    )


def account_of(actor: Actor) -> User:
    """The actor's own account."""
    return db.session.get_one(User, actor.id)


def sessions_of(user_id: int) -> list[LoginSession]:
    """Where a person is logged in, the last used first."""
    mine = select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.expires_at > now())
    return list(db.session.scalars(mine.order_by(LoginSession.last_used_at.desc(), LoginSession.id.desc())))


def has_users() -> bool:
    return db.session.scalar(select(User.id).limit(1)) is not None


def existing_usernames(names: set[str]) -> set[str]:
    """Those of `names` (in any case) that are somebody's, as they were asked."""
    if not names:
        return set()
    lowered = {name.lower(): name for name in names}
    found = db.session.scalars(
        select(func.lower(User.username)).where(
            User.username_key.in_([skeleton(name) for name in names]), User.deleted_at.is_(None)
        )
    )
    return {lowered[name] for name in found if name in lowered}
