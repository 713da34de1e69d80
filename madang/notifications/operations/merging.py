"""Move notifications, receipts and preferences when one account is merged into another."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from madang.accounts.models import User
from madang.core.db import db
from madang.core.db.reassign import reassign_rows

from ..models.tables import Notification, NotificationPreferences, NotificationReceipt
from .notifying import UNREAD_COUNT, UNREAD_MESSAGE_COUNT, publish_count


def merge_notifications(kept_id: int, gone_id: int, *, now: datetime) -> None:
    """Move activity and receipts to the account `kept_id` and recount; it keeps its own preferences if it has any."""
    states = (Notification.user_id == gone_id) & ~Notification.is_activity
    db.session.execute(delete(Notification).where(states).execution_options(synchronize_session=False))
    reassign_rows(Notification, Notification.user_id, gone_id=gone_id, kept_id=kept_id)
    reassign_rows(
        NotificationReceipt,
        NotificationReceipt.user_id,
        gone_id=gone_id,
        kept_id=kept_id,
        once_for=NotificationReceipt.thing,
    )
    _merge_preferences(kept_id, gone_id)
    unread = select(func.count()).where(
        Notification.user_id == User.id, Notification.is_activity, Notification.read_at.is_(None)
    )
    change = update(User).where(User.id.in_((kept_id, gone_id)))
    change = change.values(unread_notification_count=unread.scalar_subquery())
    db.session.execute(change.execution_options(synchronize_session=False))
    for name in (UNREAD_COUNT, UNREAD_MESSAGE_COUNT):
        publish_count(kept_id, name, now=now)


def _merge_preferences(kept_id: int, gone_id: int) -> None:
    owner = NotificationPreferences.user_id
    if db.session.scalar(select(owner).where(owner == kept_id)) is None:
        reassign_rows(NotificationPreferences, owner, gone_id=gone_id, kept_id=kept_id)
    else:
        theirs = delete(NotificationPreferences).where(owner == gone_id)
        db.session.execute(theirs.execution_options(synchronize_session=False))
