"""Record staff actions for the audit log, in the transaction of the action."""

from madang.core.actor import Actor
from madang.core.events import emit

from ..events import StaffActionTaken


def record_staff_action(
    verb: str, kind: str, subject_id: int | None, *, actor: Actor, reason: str = "", **payload: object
) -> None:
    """Record that the actor did `verb` with the subject `subject_id` of the given `kind`. Emits `StaffActionTaken`."""
    emit(StaffActionTaken(actor.id, verb, kind, subject_id, reason, payload))


def record_staff_action_on(
    owner_id: int | None, verb: str, kind: str, subject_id: int, *, actor: Actor, reason: str = "", **payload: object
) -> None:
    """Record a staff action on what `owner_id` wrote or owns, unless that is the actor, or the actor is no staff."""
    if actor.is_staff and actor.id != owner_id:
        record_staff_action(verb, kind, subject_id, actor=actor, reason=reason, **payload)
