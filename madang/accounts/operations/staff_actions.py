"""What staff does is noted, in the transaction of the deed itself."""

from typing import Any

from madang.core.actor import Actor
from madang.core.events import emit

from ..events import StaffActionTaken


def record_staff_action(
    verb: str, kind: str, subject_id: int | None, *, actor: Actor, reason: str = "", **payload: Any
) -> None:
    """Tell the staff log that the actor did `verb` with a thing."""
    emit(StaffActionTaken(actor.id, verb, kind, subject_id, reason, payload))


def record_staff_action_on(
    author_id: int | None, verb: str, kind: str, subject_id: int, *, actor: Actor, reason: str = "", **payload: Any
) -> None:
    """The same for what people do with their own things too: it is a deed of staff with somebody else's."""
    if actor.is_staff and actor.id != author_id:
        record_staff_action(verb, kind, subject_id, actor=actor, reason=reason, **payload)
