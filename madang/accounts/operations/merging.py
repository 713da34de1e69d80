"""Two accounts of one person become one."""

from datetime import datetime

from sqlalchemy import select, update

from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import Conflict, InvalidInput, NotFound
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.queue import Job

from ..events import AccountsJoined, AccountsMerged
from ..models import FormerUsername, User
from ..queries.users import get_user
from .deletion import wipe
from .managing import keep_former_name, require_administrator, require_somebody_else
from .sessions import end_other_sessions
from .staff_actions import record_staff_action

COUNTERS = (
    "reputation",
    "imported_reputation",
    "question_count",
    "answer_count",
    "comment_count",
    "accepted_count",
)
SAID = ("bio", "bio_html", "website", "location")


def merge_accounts(gone: User, kept: User, *, actor: Actor, now: datetime) -> None:
    """Let everything of `gone` belong to `kept`, and the old name lead there. Raises `Conflict`.

    Every slice moves its rows in this transaction.
    """
    check_merge(gone, kept, actor=actor)
    end_other_sessions(gone.id, besides=None)
    _hold_both(gone, kept)
    emit(AccountsMerged(kept.id, gone.id))
    _hold_both(gone, kept)  # with the numbers that this has left
    db.session.execute(update(Job).where(Job.owner_id == gone.id).values(owner_id=kept.id))
    _join(gone, kept, now)
    emit(AccountsJoined(kept.id, gone.id))
    record_staff_action("merge_accounts", "user", kept.id, actor=actor, gone_id=gone.id)


def check_merge(gone: User, kept: User, *, actor: Actor) -> None:
    """Whether one account may become part of the other. Raises `Conflict` and `InvalidInput` (into)."""
    require_administrator(actor)
    require_somebody_else(gone, actor)
    if gone.role == "admin":
        raise Conflict(_("This account administers the site. Give it another role first."))
    if gone.id == kept.id:
        raise InvalidInput(_("Please choose another account than this one."), field="into")


def find_other_account(username: str, *, actor: Actor) -> User:
    """The account that somebody names to merge another into it. Raises `InvalidInput` (into)."""
    try:
        return get_user(username, actor)
    except NotFound:
        raise InvalidInput(_("There is nobody of this username. Please check it."), field="into") from None


def _hold_both(*people: User) -> None:
    """The lower number first, as everywhere."""
    ids = sorted(person.id for person in people)
    held = select(User).where(User.id.in_(ids)).order_by(User.id).with_for_update()
    db.session.scalars(held.execution_options(populate_existing=True)).all()


def _join(gone: User, kept: User, now: datetime) -> None:
    for name in COUNTERS:
        setattr(kept, name, getattr(kept, name) + getattr(gone, name))
        setattr(gone, name, 0)
    kept.created_at = min(kept.created_at, gone.created_at)
    seen = [moment for moment in (kept.last_seen_at, gone.last_seen_at) if moment]
    kept.last_seen_at = max(seen, default=None)
    if gone.suspended_until and (kept.suspended_until is None or kept.suspended_until < gone.suspended_until):
        kept.suspended_until, kept.suspended_reason = gone.suspended_until, gone.suspended_reason
    if not kept.bio:
        for name in SAID:
            setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    username, way_in = gone.username, (gone.email, gone.email_key, gone.email_confirmed_at, gone.password_hash)
    former = update(FormerUsername).where(FormerUsername.user_id == gone.id).values(user_id=kept.id)
    db.session.execute(former)
    wipe(gone, now)
    if kept.email is None and kept.password_hash is None:  # imported: its owner came by the other one
        kept.email, kept.email_key, kept.email_confirmed_at, kept.password_hash = way_in
    db.session.flush()
    keep_former_name(username, kept)
