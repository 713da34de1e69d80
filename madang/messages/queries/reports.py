"""Find the messages that were reported to the moderators."""

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from madang.accounts.models import User
from madang.core.actor import Actor
from madang.core.db import db
from madang.core.errors import NotFound

from ..models import MessageReport
from ..policies import can_see_reports
from .conversations import WRITER


def report_count(actor: Actor) -> int:
    """How many messages have been shown to the moderators. Raises `NotFound` for everybody else."""
    if not can_see_reports(actor):
        raise NotFound
    return db.session.scalar(select(func.count()).select_from(MessageReport)) or 0


def report_rows(*, limit: int, offset: int) -> list[Row]:
    """The messages that were reported, the last one first."""
    return list(db.session.execute(_reports().limit(limit).offset(offset)).all())


def reports_before(actor: Actor, last_id: int | None, limit: int) -> list[Row]:
    """The next reports after one of them. Raises `NotFound` for whoever moderates nothing."""
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
            *WRITER,
        )
        .outerjoin(User, User.id == MessageReport.author_id)
        .outerjoin(reporter, reporter.id == MessageReport.reporter_id)
    )
    return rows.order_by(MessageReport.id.desc())
