"""Deciding about flags: all open ones of a thing at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from madang.accounts.operations.staff_actions import record_staff_action
from madang.comments.operations.writing import delete_comment
from madang.core.actor import Actor
from madang.core.db import db, lock
from madang.core.errors import Conflict, InvalidInput, require
from madang.core.events import emit
from madang.core.i18n import _
from madang.posts.models import Post
from madang.posts.operations.deleting import delete_post

from ..events import FlagsResolved
from ..models import DECLINED, UPHELD, VERDICTS, Flag
from ..policies import can_resolve_flags
from ..queries import Thing, open_on

DEEDS = {UPHELD: "uphold_flags", DECLINED: "decline_flags"}


def resolve_flags(thing: Thing, *, verdict: str, is_deleted: bool = False, actor: Actor, now: datetime) -> None:
    """Decide about the open flags of a thing; where they are right, it may be deleted too. Tells those who flagged it.

    Raises `Forbidden`, `InvalidInput` (verdict, delete), and `Conflict` where somebody has decided already.
    """
    require(can_resolve_flags(actor), _("Only moderators can do this."))
    if verdict not in VERDICTS:
        raise InvalidInput(_("Please choose one of the options."), field="verdict")
    if is_deleted and verdict != UPHELD:
        raise InvalidInput(_("Only what was flagged rightly is deleted with the flags."), field="delete")
    lock(thing)
    count = _settle(thing, verdict, actor.id, now)
    if not count:
        raise Conflict(_("No flag waits here any more: somebody has decided, or they were taken back."))
    kind = "post" if isinstance(thing, Post) else "comment"
    record_staff_action(DEEDS[verdict], kind, thing.id, actor=actor, flag_count=count)
    if is_deleted and not thing.is_deleted:
        _delete(thing, actor, now)


def _delete(thing: Thing, actor: Actor, now: datetime) -> None:
    if isinstance(thing, Post):
        delete_post(thing, actor=actor, now=now)
    else:
        delete_comment(thing, actor=actor, now=now)


def resolve_by_deletion(thing: Thing, *, deleter_id: int | None, now: datetime) -> None:
    """A moderator who deletes a thing agrees with those who flagged it.

    Where its author deletes it the flags stay open: who wrote such a thing should not end the matter by that.
    """
    if deleter_id is None or deleter_id != thing.author_id:
        _settle(thing, UPHELD, deleter_id, now)


def _settle(thing: Thing, verdict: str, settled_by_id: int | None, now: datetime) -> int:
    """Settle what is open of a thing that is held; returns how many flags those were."""
    ids = db.session.scalars(select(Flag.id).where(open_on(thing)).order_by(Flag.id)).all()
    if ids:
        change: Any = update(Flag).where(open_on(thing))
        settled = {"is_open": None, "verdict": verdict, "settled_at": now, "settled_by_id": settled_by_id}
        db.session.execute(change.values(settled).execution_options(synchronize_session=False))
        emit(FlagsResolved(tuple(ids)))
    return len(ids)
