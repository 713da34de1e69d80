"""Query messages that were reported to the moderators."""

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound

from ..models import MessageReport
from ..policies import can_see_reports
from .conversations import WRITER_COLUMNS


def report_count(actor: Actor) -> int:
    """Count the message reports. Raises `NotFound` unless the actor moderates."""
    if not can_see_reports(actor):
        raise NotFound
    return db.session.scalar(select(func.count()).select_from(MessageReport)) or 0


def report_rows(*, limit: int, offset: int) -> list[Row]:
    """A page of message reports, the latest first."""
    return list(db.session.execute(_reports().limit(limit).offset(offset)).all())


def reports_before(actor: Actor, last_id: int | None, limit: int) -> list[Row]:
    """Reports older than `last_id`, the latest first. Raises `NotFound` unless the actor moderates."""
    if not can_see_reports(actor):
        raise NotFound
    reports = _reports() if last_id is None else _reports().where(MessageReport.id < last_id)
    return list(db.session.execute(reports.limit(limit)).all())


def _reports() -> Select:
    reporter = aliased(User)
    rows = (
        select(
            MessageReport.id,
            MessageReport.reason,
            MessageReport.body_html,
            MessageReport.written_at,
            MessageReport.created_at,
            reporter.username.label("reporter_username"),
            reporter.role.label("reporter_role"),
            reporter.display_name.label("reporter_display_name"),
            reporter.deleted_at.is_not(None).label("reporter_is_deleted"),
            *WRITER_COLUMNS,
        )
        .outerjoin(User, User.id == MessageReport.author_id)
        .outerjoin(reporter, reporter.id == MessageReport.reporter_id)
    )
    return rows.order_by(MessageReport.id.desc())
