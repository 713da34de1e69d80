"""The number of unread notifications of each person."""

from madang.accounts.models import User
from madang.core.db.counting import Counter, count_of

from .models.tables import Notification

_is_unread = (Notification.is_activity.is_(True), Notification.read_at.is_(None))

COUNTERS = (Counter(User, "unread_notification_count", count_of(Notification.user_id == User.id, *_is_unread)),)
