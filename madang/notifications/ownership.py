"""What belongs to a person in notifications: notifications, receipts and preferences."""

from madang.core.clock import now
from madang.core.ownership import BY_FOREIGN_KEY, DELETE_ROWS, NOTHING_MORE, Move, NotExported, Owned, Rows

from .models.tables import Notification, NotificationPreferences, NotificationReceipt
from .operations.merging import merge_notifications, merge_preferences
from .operations.notifying import delete_user_notifications


def _merge_notifications(target_id: int, source_id: int) -> None:
    merge_notifications(target_id, source_id, now=now())


OWNED = (
    Owned(
        column=Notification.user_id,
        export=Rows(
            "notifications.json",
            (Notification.name, Notification.payload, Notification.created_at, Notification.read_at),
            where=Notification.is_activity.is_(True),
        ),
        on_merge=_merge_notifications,
        on_delete=delete_user_notifications,
        on_removal=NOTHING_MORE,
        on_guest_delete=delete_user_notifications,
    ),
    Owned(
        column=NotificationReceipt.user_id,
        export=NotExported("It only repeats that there was a notification, which is in notifications.json."),
        on_merge=Move(once_for=NotificationReceipt.dedupe_key),
        on_delete=DELETE_ROWS,
        on_removal=NOTHING_MORE,
        on_guest_delete=BY_FOREIGN_KEY,
    ),
    Owned(
        column=NotificationPreferences.user_id,
        export=Rows("notification_preferences.json", (NotificationPreferences.choices, NotificationPreferences.digest)),
        on_merge=merge_preferences,
        on_delete=DELETE_ROWS,
        on_removal=NOTHING_MORE,
        on_guest_delete=BY_FOREIGN_KEY,
    ),
)
