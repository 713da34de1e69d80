"""What staff does is written down."""

from madang.accounts.events import StaffActionTaken
from madang.core.clock import now
from madang.core.db import db

from .models import REASON_KEPT, StaffLogEntry


def on_staff_acted(event: StaffActionTaken) -> None:
    entry = StaffLogEntry(
        actor_id=event.actor_id,
        verb=event.verb,
        kind=event.kind,
        subject_id=event.subject_id,
        reason=event.reason[:REASON_KEPT],
        payload=event.payload,
        created_at=now(),
    )
    db.session.add(entry)
    db.session.flush()
