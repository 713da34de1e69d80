"""Write staff actions into the staff log; render a board again whose use of mathematics has changed."""

from madang.accounts.events import StaffActionTaken
from madang.boards.events import BoardMathChanged
from madang.core.clock import now
from madang.core.db import db

from .jobs import render_board
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


def on_board_math_changed(event: BoardMathChanged) -> None:
    render_board.enqueue(board_id=event.board_id)
