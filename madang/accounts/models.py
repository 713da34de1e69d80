"""Accounts and their sessions."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, Id, LongText, table_args

DISPLAY_NAME_MAX = 50
BIO_MAX = 5_000
WEBSITE_MAX = 200
LOCATION_MAX = 100
EMAIL_MAX = 254
KEY_MAX = 160
PASSWORD_MIN = 10
PASSWORD_MAX = 1_000
SESSION_RENEWED_AFTER = timedelta(minutes=10)


class User(Base):
    """An account. One that left stays as a row without a name, so that what it wrote keeps its place."""

    __tablename__ = "users"
    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(40))
    username_key: Mapped[str] = mapped_column(String(KEY_MAX))
    email: Mapped[str | None] = mapped_column(String(EMAIL_MAX))
    email_key: Mapped[str | None] = mapped_column(String(EMAIL_MAX))
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    display_name: Mapped[str] = mapped_column(String(DISPLAY_NAME_MAX))
    bio: Mapped[str] = mapped_column(LongText, default="")
    bio_html: Mapped[str] = mapped_column(LongText, default="")
    website: Mapped[str] = mapped_column(String(WEBSITE_MAX), default="")
    location: Mapped[str] = mapped_column(String(LOCATION_MAX), default="")
    avatar_file: Mapped[str | None] = mapped_column(String(60))
    locale: Mapped[str | None] = mapped_column(String(5))
    timezone: Mapped[str | None] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(10), default="member")
    reputation: Mapped[int] = mapped_column(default=0)
    imported_reputation: Mapped[int] = mapped_column(default=0)
    question_count: Mapped[int] = mapped_column(default=0)
    answer_count: Mapped[int] = mapped_column(default=0)
    comment_count: Mapped[int] = mapped_column(default=0)
    accepted_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    suspended_until: Mapped[datetime | None]
    suspended_reason: Mapped[str | None] = mapped_column(String(300))
    deleted_at: Mapped[datetime | None]
    __table_args__ = table_args(
        UniqueConstraint("username_key"),
        UniqueConstraint("email_key"),
        Index("ix_users_by_reputation", "deleted_at", "reputation", "id"),
        Index("ix_users_by_age", "deleted_at", "created_at", "id"),
    )

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None


class LoginSession(Base):
    """One browser that is logged in. The cookie holds the token, the table only its hash."""

    __tablename__ = "sessions"
    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    is_remembered: Mapped[bool]
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    ip_address: Mapped[str] = mapped_column(String(45), default="")
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = table_args(UniqueConstraint("token_hash"))
