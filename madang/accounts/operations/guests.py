"""Guests: identities without an account, known by a handle, that own jobs, messages and to-dos."""

import secrets
import string
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from madang.core import ownership
from madang.core.actor import GUEST, HANDLE_LENGTH, TYPED_HANDLE
from madang.core.db import db
from madang.core.errors import Conflict, Forbidden, InvalidInput, raise_if_invalid
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.settings import setting
from madang.core.text import clean_line

from ..events import GuestDeleted
from ..models import User, guest_key
from ..policies.look_alikes import skeleton, skeletons_alike
from ..policies.usernames import is_handle
from ..queries.taken_names import taken_keys
from .checks import handle_error

HANDLE_ALPHABET = string.ascii_uppercase + string.digits
MAX_ATTEMPTS = 20
PURGE_BATCH_SIZE = 200


def make_guest(*, now: datetime, locale: str) -> User:
    """Create a guest with a random handle. Raises `Conflict` if no unused handle was found."""
    for _attempt in range(MAX_ATTEMPTS):
        handle = _random_handle()
        if not taken_keys([skeleton(handle)]) and (guest := _create_guest(handle, now=now, locale=locale)):
            return guest
    raise Conflict(_("No guest handle is free right now. Please try again."))


def _create_guest(handle: str, *, now: datetime, locale: str) -> User | None:
    """Insert a guest with that handle; None if the handle is taken."""
    guest = User(
        username=handle,
        username_key=guest_key(handle),
        display_name="",
        role=GUEST,
        locale=locale,
        created_at=now,
        last_seen_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(guest)
            db.session.flush()
    except IntegrityError:
        return None
    return guest


def _random_handle() -> str:
    """A random handle that begins with a digit: no account can have such a name."""
    while True:
        handle = "".join(secrets.choice(HANDLE_ALPHABET) for _position in range(HANDLE_LENGTH))
        if is_handle(handle):
            return handle


def open_guest(handle: str, *, now: datetime, locale: str) -> User:
    """Find or create the guest of that handle, in any case.

    Locks its row until the transaction ends, so that it cannot become an account meanwhile. Raises `Forbidden` for an
    account's name, `InvalidInput` (username) for a malformed handle and for one that claims to be somebody.
    """
    name = clean_line(handle)
    if taken_keys(skeletons_alike(name)):
        raise Forbidden(_("This name belongs to an account. To use it, please log in."))
    if not TYPED_HANDLE.fullmatch(name):
        message = _("A guest's handle has 3 to 20 letters from A to Z or digits, such as 7KM2QX.")
        raise InvalidInput(message, field="username")
    if guest := find_guest(name):
        return guest
    raise_if_invalid(username=handle_error(name))
    guest = _create_guest(name, now=now, locale=locale) or find_guest(name)
    if guest is None:
        raise Conflict(_("No guest handle is free right now. Please try again."))
    return guest


def find_guest(handle: str) -> User | None:
    """The guest of that handle, its row locked until the transaction ends."""
    return db.session.scalar(select(User).where(User.username_key == guest_key(handle)).with_for_update())


def delete_guest(user_id: int) -> bool:
    """Delete a guest with everything it owns. Returns False if there is no such guest."""
    is_that_guest = (User.id == user_id) & (User.role == GUEST)
    if db.session.scalar(select(User.id).where(is_that_guest).with_for_update()) is None:
        return False
    ownership.delete_guest_rows(user_id)
    db.session.execute(delete(User).where(User.id == user_id))
    emit(GuestDeleted(user_id))
    return True


def purge_unused_guests(*, now: datetime) -> int:
    """Delete up to `PURGE_BATCH_SIZE` guests unused for GUEST_RETENTION_DAYS. Returns how many."""
    unused = (User.role == GUEST) & (User.last_seen_at < now - timedelta(days=setting("GUEST_RETENTION_DAYS")))
    ids = db.session.scalars(
        select(User.id).where(unused).order_by(User.last_seen_at).limit(PURGE_BATCH_SIZE).with_for_update()
    )
    return sum(delete_guest(user_id) for user_id in ids.all())
