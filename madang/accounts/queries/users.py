"""Find people by name, number or address."""

import re

from sqlalchemy import Select, func, or_, select

from madang.core.actor import GUEST, Actor
from madang.core.db import db
from madang.core.errors import NotFound
from madang.core.i18n import _
from madang.core.storage.pictures import url_of
from madang.core.text import clean_line, email_key

from ..models import HANDLE, FormerUsername, User, guest_key
from ..policies.usernames import skeleton

NUMBER = re.compile("[0-9]{1,18}")


# What a page prints of whoever wrote something; joined into the rows of lists.
AUTHOR = (
    User.username.label("author_username"),
    User.display_name.label("author_display_name"),
    User.avatar_file.label("author_avatar_file"),
    User.deleted_at.is_not(None).label("author_is_deleted"),
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
