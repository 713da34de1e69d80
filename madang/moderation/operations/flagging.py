"""Flag posts and comments, and withdraw flags."""

from datetime import datetime

from sqlalchemy import delete

from madang.core.actor import Actor
from madang.core.db import db, lock_row
from madang.core.errors import Gone, raise_if_invalid, require, too_long_error
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.text import clean_body

from ..events import ContentFlagged, FlagWithdrawn
from ..models import NEEDS_NOTE, NOTE_MAX, REASONS, Flag
from ..policies import can_flag
from ..queries import Flaggable, find_open_flag, is_flag_on, subject_column


def flag_content(subject: Flaggable, *, actor: Actor, reason: str, note: str, now: datetime) -> Flag:
    """Flag a post or comment for the moderators, or change the actor's open flag on it. Emits `ContentFlagged`.

    Raises `InvalidInput` (reason, note), `Forbidden`, and `Gone` for deleted content.
    """
    note = clean_body(note).strip()
    _check(reason, note)
    lock_row(subject)  # against concurrent verdicts and deletion
    require_flagger(subject, actor)
    flag = find_open_flag(subject, actor)
    is_new = flag is None
    if flag is None:
        flag = Flag(flagger_id=actor.id, created_at=now, is_open=True, **{subject_column(subject).key: subject.id})
        db.session.add(flag)
    flag.reason, flag.note = reason, note
    db.session.flush()
    if is_new:
        emit(ContentFlagged(flag.id))
    return flag


def require_flagger(subject: Flaggable, actor: Actor) -> None:
    """Raise `Forbidden` or `Gone` if the actor cannot flag a post or comment."""
    if subject.is_deleted:
        raise Gone
    own = _("You cannot flag what you wrote yourself. You can edit or delete it.")
    suspended = _("Your account is suspended: you can read, but not write.")
    require(can_flag(actor, subject), own if actor.id == subject.author_id else suspended)


def _check(reason: str, note: str) -> None:
    missing = reason == NEEDS_NOTE and not note
    raise_if_invalid(
        reason=None if reason in REASONS else _("Please choose a reason."),
        note=_("Please tell the moderators what to look at.") if missing else too_long_error(note, NOTE_MAX),
    )


def withdraw_flag(subject: Flaggable, *, actor: Actor) -> None:
    """Delete the actor's open flag on a post or comment; resolved flags stay."""
    lock_row(subject)
    if db.write(delete(Flag).where(is_flag_on(subject), Flag.flagger_id == actor.id)).rowcount:
        emit(FlagWithdrawn(**_ids_of(subject), flagger_id=actor.id or 0))


def _ids_of(subject: Flaggable) -> dict[str, int | None]:
    return {"post_id": None, "comment_id": None, subject_column(subject).key: subject.id}
