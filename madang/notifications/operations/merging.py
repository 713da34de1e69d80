"""What an account was told that was merged into another."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from madang.accounts.models import User
from madang.core.db import db
from madang.core.db.reassign import hand_over

from ..models.tables import Notification, NotificationPreferences, Told
from .notifying import UNREAD, UNREAD_MESSAGES, tell_count


def merge_told(kept_id: int, gone_id: int, *, now: datetime) -> None:
    """Let the account that stays have been told what either was; what it chose itself stays its choice."""
    passing: Any = (Notification.user_id == gone_id) & ~Notification.is_activity
    db.session.execute(delete(Notification).where(passing).execution_options(synchronize_session=False))
    hand_over(Notification, Notification.user_id, gone_id=gone_id, kept_id=kept_id)
    hand_over(Told, Told.user_id, gone_id=gone_id, kept_id=kept_id, once_for=Told.thing)
    _merge_preferences(kept_id, gone_id)
    unread = select(func.count()).where(
        Notification.user_id == User.id, Notification.is_activity, Notification.read_at.is_(None)
    )
    change = update(User).where(User.id.in_((kept_id, gone_id)))
    change = change.values(unread_notification_count=unread.scalar_subquery())
    db.session.execute(change.execution_options(synchronize_session=False))
    for name in (UNREAD, UNREAD_MESSAGES):
        tell_count(kept_id, name, now=now)


def _merge_preferences(kept_id: int, gone_id: int) -> None:
    owner = NotificationPreferences.user_id
    if db.session.scalar(select(owner).where(owner == kept_id)) is None:
        hand_over(NotificationPreferences, owner, gone_id=gone_id, kept_id=kept_id)
    else:
        theirs = delete(NotificationPreferences).where(owner == gone_id)
        db.session.execute(theirs.execution_options(synchronize_session=False))
