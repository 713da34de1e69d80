"""Find accounts by username, id or e-mail address."""

import re
from collections.abc import Collection

from sqlalchemy import Select, select

from madang.core.actor import GUEST, TYPED_HANDLE, Actor
from madang.core.db import db
from madang.core.email_addresses import email_key
from madang.core.errors import NotFound
from madang.core.i18n import _
from madang.core.storage.pictures import url_of
from madang.core.text import clean_line, fold, normalized, without_invisible

from ..models import FormerUsername, User, guest_key
from ..policies.look_alikes import skeleton, skeletons_alike
from ..policies.name_endings import bases_of, readings_of
from .taken_names import taken_keys

ID_PATTERN = re.compile("[0-9]{1,18}")


# The columns of an author that pages print; joined into the rows of lists.
AUTHOR_COLUMNS = (
    User.username.label("author_username"),
    User.display_name.label("author_display_name"),
    User.role.label("author_role"),
    User.avatar_file.label("author_avatar_file"),
    User.deleted_at.is_not(None).label("author_is_deleted"),
)


def avatar_url(file: str | None) -> str | None:
    """The URL of an avatar file; None if there is no file."""
    return url_of(file) if file else None


def shown_name(username: str, display_name: str, role: str) -> str:
    """The name that pages show: the display name or username, a guest's handle."""
    return _("Guest %(handle)s", handle=username) if role == GUEST else display_name or username


def username_keys_of(name: str) -> list[str]:
    """The `username_key` values that `name` may refer to: an account's, and a guest's if it can be a handle."""
    return [skeleton(name), *([guest_key(name)] if TYPED_HANDLE.fullmatch(name) else [])]


def keys_beside(name: str) -> list[str]:
    """The `username_key` values that nobody may have beside a new `name`: of look-alikes, and of a guest's handle."""
    handle = normalized(without_invisible(name), "NFKC")
    return [*skeletons_alike(name), *([guest_key(handle)] if TYPED_HANDLE.fullmatch(handle) else [])]


def users_visible_to(_actor: Actor) -> Select[User]:
    """Select all accounts that are not deleted."""
    return select(User).where(User.is_account())


def get_user(username: str, actor: Actor) -> User:
    """The account with that username, in any case. Raises `NotFound`."""
    username = clean_line(username)
    user = db.session.scalar(users_visible_to(actor).where(User.username_key == skeleton(username)))
    if user is None or not _is_username_of(user, username):
        raise NotFound
    return user


def current_username_of(username: str) -> str | None:
    """The current username of the account that formerly had `username`, if any."""
    was_theirs = FormerUsername.username_key == skeleton(clean_line(username))
    current = select(User.username).join(FormerUsername, FormerUsername.user_id == User.id)
    return db.session.scalar(current.where(was_theirs, User.is_account()))


def get_user_by_name_or_id(name: str, actor: Actor) -> User:
    """The account with that username, else the one with that id. Raises `NotFound`."""
    try:
        return get_user(name, actor)
    except NotFound:
        if not ID_PATTERN.fullmatch(name):
            raise
    user = db.session.scalar(users_visible_to(actor).where(User.id == int(name)))
    if user is None:
        raise NotFound
    return user


def is_id_of_another(name: str, user: User) -> bool:
    """Whether `name`, the username of `user`, is also the id of another account."""
    if not ID_PATTERN.fullmatch(name) or int(name) == user.id:
        return False
    return db.session.scalar(select(User.id).where(User.id == int(name), User.is_account())) is not None


def find_by_login(name: str) -> User | None:
    """The account with the e-mail address or username `name`, as typed into a log-in form."""
    if "@" in name:
        return find_by_email(name)
    user = db.session.scalar(select(User).where(User.is_account(), User.username_key == skeleton(name)))
    return user if user is not None and _is_username_of(user, name) else None


def _is_username_of(user: User, name: str) -> bool:
    """Whether `name` is the username itself, in any case, and no look-alike."""
    return _spelling(user.username) == _spelling(name)


def _spelling(name: str) -> str:
    """A username for comparison in any case. Not by the database: SQLite knows the case of ASCII letters only."""
    return without_invisible(name).casefold()


def find_by_email(email: str) -> User | None:
    """The account with this address, if any.

    An account whose key of before could not be recomputed, since it would be that of another, has the address as typed.
    """
    email = clean_line(email)
    keys = {email_key(email), fold(email).strip()}
    users = db.session.scalars(select(User).where(User.is_account(), User.email_key.in_(keys))).all()
    exact = [user for user in users if (user.email or "").lower() == email.lower()]
    equal = [user for user in users if user.email_key == email_key(email)]
    return next(iter(exact + equal), None)


def account_of(actor: Actor) -> User:
    """The actor's own row, of an account or a guest."""
    return db.session.get_one(User, actor.id)


def has_users() -> bool:
    """Whether any account exists, deleted ones included."""
    return db.session.scalar(select(User.id).where(User.role != GUEST).limit(1)) is not None


def existing_usernames(names: set[str]) -> set[str]:
    """The subset of `names` that are usernames in any case, spelled as given.

    Of the names that one mention may mean (`bobby`, `bobby님`), the oldest account's is meant.
    """
    if not names:
        return set()
    keys = {skeleton(name) for name in names}
    rows = db.session.execute(select(User.username, User.id).where(User.username_key.in_(keys), User.is_account()))
    ids = {_spelling(username): user_id for username, user_id in rows}
    return {name for name in names if (user_id := ids.get(_spelling(name))) and not _is_of_older(name, user_id, ids)}


def accounts_named(names: Collection[str]) -> dict[str, User]:
    """The accounts by those of `names` that are their usernames, in any case; other names are missing."""
    keys = {skeleton(clean_line(name)) for name in names}
    found = db.session.scalars(select(User).where(User.username_key.in_(keys), User.is_account())) if keys else ()
    by_spelling = {_spelling(user.username): user for user in found}
    people = {name: by_spelling.get(_spelling(clean_line(name))) for name in names}
    return {name: user for name, user in people.items() if user is not None}


def _is_of_older(name: str, user_id: int, ids: dict[str, int]) -> bool:
    """Whether an account older than `user_id` has a name that a mention of `name` may mean."""
    return any(ids.get(_spelling(reading), user_id) < user_id for reading in readings_of(name))


def is_name_with_ending(name: str, *, besides: int | None = None) -> bool:
    """Whether `name` is a name that an account other than `besides` has or had, with an honorific or particle."""
    keys = {key for base in bases_of(name) for key in keys_beside(base)}
    return bool(taken_keys(keys, besides=besides))
