"""Resolve all open flags of a post or comment with a verdict."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from madang.accounts.operations.staff_actions import record_staff_action
from madang.comments.operations.writing import delete_comment
from madang.core.actor import Actor
from madang.core.db import db, lock_row
from madang.core.errors import Conflict, InvalidInput, require
from madang.core.events import emit
from madang.core.i18n import _
from madang.posts.models import Post
from madang.posts.operations.deleting import delete_post

from ..events import FlagsResolved, FlagWithdrawn
from ..models import DECLINED, UPHELD, VERDICTS, Flag
from ..policies import can_resolve_flags
from ..queries import Flaggable, is_flag_on, is_open_on, is_request_on

STAFF_ACTIONS = {UPHELD: "uphold_flags", DECLINED: "decline_flags"}


def resolve_flags(subject: Flaggable, *, verdict: str, is_deleted: bool = False, actor: Actor, now: datetime) -> None:
    """Resolve the open flags of a post or comment; with `is_deleted`, an upheld one is deleted too.

    Emits `FlagsResolved`. Raises `Forbidden`, `InvalidInput` (verdict, delete), and `Conflict` without open flags.
    """
    lock_row(subject)
    require(can_resolve_flags(actor), _("Only moderators can do this."))
    if verdict not in VERDICTS:
        raise InvalidInput(_("Please choose one of the options."), field="verdict")
    if is_deleted and verdict != UPHELD:
        raise InvalidInput(_("You can only delete it together with accepting the flags."), field="delete")
    count = resolve_open_flags(is_flag_on(subject), verdict, actor.id, now)
    if not count:
        raise Conflict(_("No flag is waiting here any more: someone has decided, or they were withdrawn."))
    kind = "post" if isinstance(subject, Post) else "comment"
    record_staff_action(STAFF_ACTIONS[verdict], kind, subject.id, actor=actor, flag_count=count)
    if is_deleted and not subject.is_deleted:
        _delete(subject, actor, now)


def _delete(subject: Flaggable, actor: Actor, now: datetime) -> None:
    if isinstance(subject, Post):
        delete_post(subject, actor=actor, now=now)
    else:
        delete_comment(subject, actor=actor, now=now)


def resolve_by_deletion(subject: Flaggable, *, deleter_id: int | None, now: datetime) -> None:
    """Uphold the open flags of a post or comment that a moderator deleted, and grant a request for its deletion.

    Flags stay open if its author deleted it, so that authors cannot avoid a verdict; their own request goes.
    """
    if deleter_id is None or deleter_id != subject.author_id:
        resolve_open_flags(is_open_on(subject), UPHELD, deleter_id, now)
    elif isinstance(subject, Post) and db.write(delete(Flag).where(is_request_on(subject))).rowcount:
        emit(FlagWithdrawn(post_id=subject.id, comment_id=None, flagger_id=deleter_id))


def resolve_open_flags(
    are_meant: ColumnElement[bool], verdict: str, settled_by_id: int | None, now: datetime, *, reply: str = ""
) -> int:
    """Resolve open flags of a locked subject and return their number."""
    ids = db.session.scalars(select(Flag.id).where(are_meant).order_by(Flag.id)).all()
    if ids:
        change = update(Flag).where(are_meant)
        values = {"is_open": None, "verdict": verdict, "settled_at": now, "settled_by_id": settled_by_id}
        values |= {"reply": reply}
        db.session.execute(change.values(values).execution_options(synchronize_session=False))
        emit(FlagsResolved(tuple(ids)))
    return len(ids)
