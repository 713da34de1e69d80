"""Write staff actions into the staff log."""

from madang.accounts.events import StaffActionTaken
from madang.core.clock import now
from madang.core.db import db

from .models import LOGGED_REASON_MAX, StaffLogEntry


def on_staff_action_taken(event: StaffActionTaken) -> None:
    """Insert an entry of the staff log."""
    entry = StaffLogEntry(
        actor_id=event.actor_id,
        verb=event.verb,
        kind=event.kind,
        subject_id=event.subject_id,
        reason=event.reason[:LOGGED_REASON_MAX],
        payload=event.payload,
        created_at=now(),
    )
    db.session.add(entry)
    db.session.flush()
