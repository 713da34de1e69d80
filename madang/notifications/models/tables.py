"""The stream: everything that somebody is told, in the order in which it was committed."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, BigId, table_args

PERIODS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
DIGESTS = ("none", *PERIODS)
PEOPLE_NAMED = 3  # of those who did the same thing, so many are named


class Notification(Base):
    """One thing that a person, or everybody with a page open, is told.

    *Activity* is listed, read or unread; what belongs together (`group_key`) and is unread stands in one row. *State*
    is what something is now (`state_key`): the newest takes the place of the older one. What has a `topic` instead of
    a person is for whoever looks at that thing.

    No foreign keys: checking one would wait for whoever changes that person's row, while all others wait for the head
    of the stream.
    """

    __tablename__ = "notifications"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    user_id: Mapped[int | None]
    topic: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
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
    """The id that was given out last. Its row is held from giving ids until the commit, so ids are in commit order."""

    __tablename__ = "stream_heads"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    last_id: Mapped[int]


class NotificationReceipt(Base):
    """Somebody was told of a thing, and will not be told of it again."""

    __tablename__ = "told"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    thing: Mapped[str] = mapped_column(String(80), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(index=True)


class NotificationPreferences(Base):
    """What somebody wants to be told, and where: kind -> web, email, both or none."""

    __tablename__ = "notification_preferences"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    choices: Mapped[dict[str, str]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(10), default="none")
    digest_at: Mapped[datetime | None] = mapped_column(index=True)
