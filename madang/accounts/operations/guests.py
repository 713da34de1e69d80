"""Guests: somebody without an account to whom jobs, messages and to-dos belong, known by a handle."""

import secrets
import string
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from madang.core.actor import GUEST
from madang.core.db import db
from madang.core.errors import Conflict, Forbidden, InvalidInput
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.queue import Job
from madang.core.text import clean_line

from ..events import GuestDeleted
from ..models import GUESTS_KEPT, HANDLE, HANDLE_LENGTH, User, guest_key
from ..queries.users import find_account

LETTERS = string.ascii_uppercase + string.digits
TRIES = 20
PURGED_AT_ONCE = 200


def make_guest(*, now: datetime, locale: str) -> User:
    """A new guest, under a handle drawn by lot."""
    for _attempt in range(TRIES):
        handle = _drawn_handle()
        if find_account(handle) is None and (guest := _insert(handle, now=now, locale=locale)):
            return guest
    raise Conflict(_("No handle is free at present. Please try again."))


def _insert(handle: str, *, now: datetime, locale: str) -> User | None:
    """The guest of that handle, which is new; None where there is one already."""
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


def _drawn_handle() -> str:
    return "".join(secrets.choice(LETTERS) for _letter in range(HANDLE_LENGTH))


def open_guest(handle: str, *, now: datetime, locale: str) -> User:
    """The guest of that handle, written in any case; made if there is none.

    It is held until the transaction ends, so that it cannot become an account meanwhile. Raises `Forbidden` for an
    account's name, `InvalidInput` (username) for what can be no handle.
    """
    name = clean_line(handle)
    if find_account(name) is not None:
        raise Forbidden(_("This name belongs to an account. To use it, please log in."))
    name = name.upper()
    if not HANDLE.fullmatch(name):
        raise InvalidInput(
            _("A guest's handle has six letters from A to Z or digits, such as K7M2QX."), field="username"
        )
    guest = find_guest(name) or _insert(name, now=now, locale=locale) or find_guest(name)
    if guest is None:
        raise Conflict(_("No handle is free at present. Please try again."))
    return guest


def find_guest(handle: str) -> User | None:
    """The guest of that handle, held until the transaction ends."""
    return db.session.scalar(select(User).where(User.username_key == guest_key(handle)).with_for_update())


def delete_guest(user_id: int) -> bool:
    """Take a guest away with everything that is its own; whether there was such a one."""
    is_meant = (User.id == user_id) & (User.role == GUEST)
    if db.session.scalar(select(User.id).where(is_meant).with_for_update()) is None:
        return False
    emit(GuestDeleted(user_id))
    db.session.execute(delete(Job).where(Job.owner_id == user_id, Job.state != "running"))
    db.session.execute(update(Job).where(Job.owner_id == user_id).values(owner_id=None))  # they end for nobody
    db.session.execute(delete(User).where(User.id == user_id))
    return True


def purge_guests(*, now: datetime) -> int:
    """Take away guests that nobody has used for 30 days, some hundred at a time; returns how many."""
    unused = (User.role == GUEST) & (User.last_seen_at < now - GUESTS_KEPT)
    ids = db.session.scalars(
        select(User.id).where(unused).order_by(User.last_seen_at).limit(PURGED_AT_ONCE).with_for_update()
    )
    return sum(delete_guest(user_id) for user_id in ids.all())
