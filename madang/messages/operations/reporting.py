"""Report one message to the moderators, who see nothing else of the conversation."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import raise_if_invalid, require, too_long_error
from madang.core.events import emit
from madang.core.i18n import _
from madang.core.text import clean_line

from ..events import MessageReported
from ..models import REASON_MAX, Message, MessageReport
from ..policies import can_report_message


def report_message(message: Message, *, actor: Actor, reason: str, now: datetime) -> None:
    """Report a message to the moderators; a second report by the same person changes nothing.

    Raises `InvalidInput` (reason) and `Forbidden`.
    """
    require(can_report_message(actor, message), _("You can only report what others wrote."))
    reason = clean_line(reason)
    empty = None if reason else _("Please say in a few words what is wrong with it.")
    raise_if_invalid(reason=empty or too_long_error(reason, REASON_MAX))
    if _is_reported(message, actor):
        return
    report = MessageReport(
        message_id=message.id,
        reporter_id=actor.id,
        author_id=message.author_id,
        reason=reason,
        body_html=message.body_html,
        written_at=message.created_at,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(report)
            db.session.flush()
    except IntegrityError:  # a concurrent double click
        if _is_reported(message, actor):
            return
        raise
    emit(MessageReported(report.id, actor.id))


def _is_reported(message: Message, actor: Actor) -> bool:
    mine = select(MessageReport.id).where(MessageReport.message_id == message.id, MessageReport.reporter_id == actor.id)
    return db.session.scalar(mine) is not None
