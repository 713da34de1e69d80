"""Move notifications and preferences when one account is merged into another."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from madang.accounts.models import User
from madang.core.db import db
from madang.core.db.reassign import reassign_rows

from ..models.tables import Notification, NotificationPreferences
from .notifying import UNREAD_COUNT, UNREAD_MESSAGE_COUNT, publish_count
from .stream import drop_pending


def merge_notifications(target_id: int, source_id: int, *, now: datetime) -> None:
    """Move activity to the account `target_id` and recount."""
    drop_pending(source_id)
    states = (Notification.user_id == source_id) & ~Notification.is_activity
    db.session.execute(delete(Notification).where(states).execution_options(synchronize_session=False))
    reassign_rows(Notification.user_id, source_id=source_id, target_id=target_id)
    unread = select(func.count()).where(
        Notification.user_id == User.id, Notification.is_activity, Notification.read_at.is_(None)
    )
    change = update(User).where(User.id.in_((target_id, source_id)))
    change = change.values(unread_notification_count=unread.scalar_subquery())
    db.session.execute(change.execution_options(synchronize_session=False))
    for name in (UNREAD_COUNT, UNREAD_MESSAGE_COUNT):
        publish_count(target_id, name, now=now)


def merge_preferences(target_id: int, source_id: int) -> None:
    """Move the preferences to the account `target_id`, unless it has its own."""
    owner = NotificationPreferences.user_id
    if db.session.scalar(select(owner).where(owner == target_id)) is None:
        reassign_rows(owner, source_id=source_id, target_id=target_id)
    else:
        theirs = delete(NotificationPreferences).where(owner == source_id)
        db.session.execute(theirs.execution_options(synchronize_session=False))
