"""Merge two accounts of one person."""

from datetime import datetime

from sqlalchemy import select

from madang.core import ownership
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import Conflict, InvalidInput, NotFound
from madang.core.events import emit
from madang.core.i18n import _

from ..events import AccountsMerged, AccountsMergeStarted
from ..models import User
from ..policies.accounts import require_administrator
from ..queries.users import get_user
from .deletion import erase_personal_data
from .managing import redirect_former_username, require_other_account
from .staff_actions import record_staff_action

COUNTERS = (
    "reputation",
    "imported_reputation",
    "question_count",
    "answer_count",
    "comment_count",
    "accepted_count",
)
PROFILE_COLUMNS = ("bio", "bio_html", "website", "location")


def merge_accounts(source: User, target: User, *, actor: Actor, now: datetime) -> None:
    """Move everything of `source` to `target`, erase `source` and redirect its username to `target`.

    Raises `Forbidden`, `Conflict` and `InvalidInput` (into).
    """
    _lock_both(source, target)
    check_merge(source, target, actor=actor)
    emit(AccountsMergeStarted(target.id, source.id))
    ownership.merge_rows(target.id, source.id)
    _lock_both(source, target)  # again, to load the counters that have changed
    _merge_columns(source, target, now)
    emit(AccountsMerged(target.id, source.id))
    # `gone_id` is its name in entries of the staff log.
    record_staff_action("merge_accounts", "user", target.id, actor=actor, gone_id=source.id)


def check_merge(source: User, target: User, *, actor: Actor) -> None:
    """Raise `Forbidden`, `Conflict` or `InvalidInput` (into) if `source` may not be merged into `target`."""
    require_administrator(actor)
    require_other_account(source, actor)
    if source.role == "admin":
        raise Conflict(_("This account is an administrator. Change its role first."))
    if source.id == target.id:
        raise InvalidInput(_("Please choose a different account."), field="into")


def find_other_account(username: str, *, actor: Actor) -> User:
    """The account of that username, as the target of a merge. Raises `InvalidInput` (into)."""
    try:
        return get_user(username, actor)
    except NotFound:
        raise InvalidInput(_("No one has this username. Please check it."), field="into") from None


def _lock_both(*people: User) -> None:
    """Lock and reload both rows, the lower id first, as everywhere."""
    ids = sorted(person.id for person in people)
    locked = select(User).where(User.id.in_(ids)).order_by(User.id).with_for_update()
    db.session.scalars(locked.execution_options(populate_existing=True)).all()


def _merge_columns(source: User, target: User, now: datetime) -> None:
    """Add up counters, take the earlier sign-up, the later visit and the longer suspension, and erase `source`.

    Profile and credentials of `source` move only to a `target` that has none.
    """
    for name in COUNTERS:
        setattr(target, name, getattr(target, name) + getattr(source, name))
        setattr(source, name, 0)
    target.created_at = min(target.created_at, source.created_at)
    target.last_seen_at = max(filter(None, (target.last_seen_at, source.last_seen_at)), default=None)
    if source.suspended_until and (target.suspended_until is None or target.suspended_until < source.suspended_until):
        target.suspended_until, target.suspended_reason = source.suspended_until, source.suspended_reason
    if not target.bio:
        for name in PROFILE_COLUMNS:
            setattr(target, name, getattr(target, name) or getattr(source, name))
    username = source.username
    credentials = source.email, source.email_key, source.email_confirmed_at, source.password_hash
    pending_email_key = source.pending_email_key
    erase_personal_data(source, now)
    if target.email is None and target.password_hash is None:  # imported: its owner logs in with the other one
        target.email, target.email_key, target.email_confirmed_at, target.password_hash = credentials
        target.pending_email_key = pending_email_key
    db.session.flush()
    redirect_former_username(username, target)
