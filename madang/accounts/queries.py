"""Finding people, and who a session's token belongs to."""

import hashlib
import re
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, or_, select

from madang.core.actor import GUEST, Actor
from madang.core.clock import now
from madang.core.db import db
from madang.core.errors import NotFound
from madang.core.files import url_of
from madang.core.i18n import _
from madang.core.text import clean_line, email_key
from madang.core.usernames import skeleton

from .models import HANDLE, AccessToken, FormerUsername, LoginSession, User, guest_key

NUMBER = re.compile("[0-9]{1,18}")
# What a page prints of whoever wrote something; joined into the rows of lists.
AUTHOR = (
    User.username.label("author_username"),
    User.display_name.label("author_display_name"),
    User.avatar_file.label("author_avatar_file"),
    User.deleted_at.is_not(None).label("author_is_deleted"),
)
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
    select(AccessToken.id.label("access_token_id"), AccessToken.scopes, AccessToken.last_used_at, *_PERSON)
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


def avatar_url(file: str | None) -> str | None:
    return url_of(file) if file else None


def shown_name(username: str, display_name: str, role: str) -> str:
    """What pages call somebody: a guest by its handle."""
    return _("Guest %(handle)s", handle=username) if role == GUEST else display_name or username


def keys_of(name: str) -> list[str]:
    """The keys of those whom `name` may mean: an account, and a guest where it can be a handle."""
    handle = name.upper()
    return [skeleton(name), *([guest_key(handle)] if HANDLE.fullmatch(handle) else [])]


def users_visible_to(_actor: Actor) -> Select[User]:
    """Everybody who has an account and has not left."""
    return select(User).where(User.is_account())


def get_user(username: str, actor: Actor) -> User:
    """The person of that name, written in any case. Raises `NotFound`."""
    username = clean_line(username)
    user = db.session.scalar(users_visible_to(actor).where(User.username_key == skeleton(username)))
    if user is None or not _is_name_of(user, username):
        raise NotFound
    return user


def person_formerly(username: str) -> str | None:
    """The present name of whoever had `username` once."""
    had = FormerUsername.username_key == skeleton(clean_line(username))
    present = select(User.username).join(FormerUsername, FormerUsername.user_id == User.id)
    return db.session.scalar(present.where(had, User.is_account()))


def get_user_or_number(name: str, actor: Actor) -> User:
    """The person of that name; the one of that number where it is nobody's name. Raises `NotFound`."""
    try:
        return get_user(name, actor)
    except NotFound:
        if not NUMBER.fullmatch(name):
            raise
    user = db.session.scalar(users_visible_to(actor).where(User.id == int(name)))
    if user is None:
        raise NotFound
    return user


def is_number_of_another(name: str, user: User) -> bool:
    """Whether `name`, which means `user`, is the number of another account too."""
    if not NUMBER.fullmatch(name) or int(name) == user.id:
        return False
    return db.session.scalar(select(User.id).where(User.id == int(name), User.is_account())) is not None


def find_account(name: str) -> User | None:
    """The account of that name or of one that looks like it, also of somebody who has left."""
    return db.session.scalar(select(User).where(User.username_key == skeleton(name), User.role != GUEST))


def find_by_login(name: str) -> User | None:
    """The account that somebody means who types `name`: an e-mail address or a username."""
    user = db.session.scalar(
        select(User).where(
            User.is_account(), or_(User.email_key == email_key(name), User.username_key == skeleton(name))
        )
    )
    is_meant = user is not None and (_is_name_of(user, name) or user.email_key == email_key(name))
    return user if is_meant else None


def _is_name_of(user: User, name: str) -> bool:
    """Whether `name` is the person's username and not one that only looks like it."""
    return user.username.casefold() == name.casefold()


def find_by_email(email: str) -> User | None:
    """The account that has this address."""
    return db.session.scalar(select(User).where(User.is_account(), User.email_key == email_key(clean_line(email))))


def account_of(actor: Actor) -> User:
    """The actor's own row: of an account, or of a guest."""
    return db.session.get_one(User, actor.id)


def sessions_of(user_id: int) -> list[LoginSession]:
    """Where a person is logged in, the last used first."""
    mine = select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.expires_at > now())
    return list(db.session.scalars(mine.order_by(LoginSession.last_used_at.desc(), LoginSession.id.desc())))


def has_users() -> bool:
    """Whether anybody has an account, or had one."""
    return db.session.scalar(select(User.id).where(User.role != GUEST).limit(1)) is not None


def existing_usernames(names: set[str]) -> set[str]:
    """Those of `names` (in any case) that are somebody's, as they were asked."""
    if not names:
        return set()
    lowered = {name.lower(): name for name in names}
    found = db.session.scalars(
        select(func.lower(User.username)).where(
            User.username_key.in_([skeleton(name) for name in names]), User.is_account()
        )
    )
    return {lowered[name] for name in found if name in lowered}
