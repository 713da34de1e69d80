"""Tables of notifications (the event stream), receipts and preferences."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, BigId, table_args

Payload = dict[str, Any]  # JSON; the keys depend on the kind

PERIODS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
DIGESTS = ("none", *PERIODS)
MAX_ACTORS = 3  # in the payload of a grouped notification
MAX_PARTS = 8  # notifications that a grouped one can be taken apart into; each costs time at every new one


class Notification(Base):
    """An event of the stream, for a person (`user_id`) or for all readers of a `topic`; ids are in commit order.

    *Activity* is listed behind the bell; unread activity of the same `group_key` is one row. *State* is a current
    value, such as an unread count: a newer row replaces the older one of the same `state_key`.

    No foreign keys: checking one would wait for locks on the person's row while holding the lock of `StreamHead`.
    """

    __tablename__ = "notifications"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    user_id: Mapped[int | None]
    topic: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    payload: Mapped[Payload] = mapped_column(JSON)
    is_activity: Mapped[bool] = mapped_column(default=False)
    state_key: Mapped[str | None] = mapped_column(String(80))
    group_key: Mapped[str | None] = mapped_column(String(80))
    post_id: Mapped[int | None]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    __table_args__ = table_args(
        Index("ix_notifications_person", "user_id", "id"),
        Index("ix_notifications_list", "user_id", "is_activity", "id"),
        Index("ix_notifications_group", "user_id", "group_key", "read_at"),
        UniqueConstraint("user_id", "state_key"),
        Index("ix_notifications_topic", "topic", "id"),
        Index("ix_notifications_post", "post_id"),
        Index("ix_notifications_age", "created_at"),
    )


class StreamHead(Base):
    """The id that was assigned last. The row is locked until the commit, so that ids are in commit order."""

    __tablename__ = "stream_heads"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    last_id: Mapped[int]


class NotificationReceipt(Base):
    """A record that a person was notified of the subject `dedupe_key`, so that it happens once."""

    __tablename__ = "told"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    dedupe_key: Mapped[str] = mapped_column("thing", String(80), key="dedupe_key", primary_key=True)
    told_at: Mapped[datetime] = mapped_column(index=True)


class NotificationPreferences(Base):
    """A person's channel by kind (web, email, both or none), and how often they get a digest."""

    __tablename__ = "notification_preferences"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    choices: Mapped[dict[str, str]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(10), default="none")
    digest_at: Mapped[datetime | None] = mapped_column(index=True)
