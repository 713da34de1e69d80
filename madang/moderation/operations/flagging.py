"""Flagging what others wrote, and taking that back."""

from datetime import datetime

from sqlalchemy import delete

from madang.core.actor import Actor
from madang.core.db import db, lock
from madang.core.errors import Gone, invalid, require, too_long
from madang.core.i18n import _
from madang.core.text import clean_body

from ..models import NEEDS_NOTE, NOTE_MAX, REASONS, Flag
from ..policies import can_flag
from ..queries import Thing, column_of, find_open_flag, open_on


def flag_thing(thing: Thing, *, actor: Actor, reason: str, note: str, now: datetime) -> Flag:
    """Ask the moderators to look at a post or a comment. Whoever has an open flag on it says it anew.

    Raises `InvalidInput` (reason, note), `Forbidden`, and `Gone` for what was deleted.
    """
    require_flagger(thing, actor)
    note = clean_body(note).strip()
    _check(reason, note)
    lock(thing)  # whoever decides about its flags, or deletes it, meanwhile
    require_flagger(thing, actor)
    flag = find_open_flag(thing, actor)
    if flag is None:
        flag = Flag(flagger_id=actor.id, created_at=now, is_open=True, **{column_of(thing).key: thing.id})
        db.session.add(flag)
    flag.reason, flag.note = reason, note
    db.session.flush()
    return flag


def require_flagger(thing: Thing, actor: Actor) -> None:
    """Refuse who may not flag this, and say why."""
    if thing.is_deleted:
        raise Gone
    own = _("You cannot flag what you wrote yourself. You can edit or delete it.")
    suspended = _("Your account is suspended at present; you can read, but not write.")
    require(can_flag(actor, thing), own if actor.id == thing.author_id else suspended)


def _check(reason: str, note: str) -> None:
    missing = reason == NEEDS_NOTE and not note
    invalid(
        reason=None if reason in REASONS else _("Please choose a reason."),
        note=_("Please tell the moderators what to look at.") if missing else too_long(note, NOTE_MAX),
    )


def take_flag_back(thing: Thing, *, actor: Actor) -> None:
    """Let the actor have no open flag on a thing; what was decided about stays."""
    lock(thing)
    db.session.execute(delete(Flag).where(open_on(thing), Flag.flagger_id == actor.id))
