"""Accounts and their sessions."""

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from madang.core.actor import GUEST
from madang.core.db import Base, Id, LongText, table_args

DISPLAY_NAME_MAX = 50
BIO_MAX = 5_000
WEBSITE_MAX = 200
LOCATION_MAX = 100
EMAIL_MAX = 254
KEY_MAX = 160
LOWER_MAX = 150  # a small letter may be written with three where its capital was one
LOWER = ("username_lower", "display_name_lower")
STARTS = (*LOWER, "email_key")  # found by how they begin
REASON_MAX = 300
ROLES = ("member", "moderator", "admin")
HANDLE_LENGTH = 6
HANDLE = re.compile(f"[A-Z0-9]{{{HANDLE_LENGTH}}}")
GUESTS_KEPT = timedelta(days=30)
PASSWORD_MIN = 10
PASSWORD_MAX = 1_000
SESSION_RENEWED_AFTER = timedelta(minutes=10)
TOKEN_NAME_MAX = 60
MOST_SESSIONS = 100


def guest_key(handle: str) -> str:
    """The key of a guest; no account's name has a colon."""
    return f"{GUEST}:{handle}"


def name_columns(username: str, display_name: str) -> dict[str, str]:
    """What the names of an account fill where its row is inserted beside the ORM."""
    names = {"username": username, "display_name": display_name}
    return names | {f"{column}_lower": name.lower() for column, name in names.items()}


class User(Base):
    """An account, or a guest. One that left stays as a row without a name, so that what it wrote keeps its place.

    A guest's username is its handle; its key has a colon, which no account's has, so that the two never collide.
    `username_lower` and `display_name_lower` follow the names; lists sort and look for names by them. They stand in the
    lists' indexes, so that looking for a word reads no accounts but those that it finds.
    """

    __tablename__ = "users"
    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(40))
    username_lower: Mapped[str] = mapped_column(String(LOWER_MAX), server_default="")
    username_key: Mapped[str] = mapped_column(String(KEY_MAX))
    email: Mapped[str | None] = mapped_column(String(EMAIL_MAX))
    email_key: Mapped[str | None] = mapped_column(String(EMAIL_MAX))
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    display_name: Mapped[str] = mapped_column(String(DISPLAY_NAME_MAX))
    display_name_lower: Mapped[str] = mapped_column(String(LOWER_MAX), server_default="")
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
    follower_count: Mapped[int] = mapped_column(default=0, server_default="0")
    following_count: Mapped[int] = mapped_column(default=0, server_default="0")
    unread_notification_count: Mapped[int] = mapped_column(default=0, server_default="0")
    unread_message_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    suspended_until: Mapped[datetime | None]
    suspended_reason: Mapped[str | None] = mapped_column(String(REASON_MAX))
    deleted_at: Mapped[datetime | None]
    __table_args__ = table_args(
        UniqueConstraint("username_key"),
        UniqueConstraint("email_key"),
        # The role stands in the lists' indexes too: they pass over guests inside them.
        Index("ix_users_by_reputation", "deleted_at", "reputation", "id", "role", *LOWER),
        Index("ix_users_by_age", "deleted_at", "created_at", "id", "role", *LOWER),
        Index("ix_users_by_name", "deleted_at", "username_lower", "id", "role", "display_name_lower"),
        Index("ix_users_by_role", "role", "last_seen_at"),
        Index("ix_users_suspended_until", "suspended_until"),
        *(Index(f"ix_users_{name}", name, postgresql_ops={name: "text_pattern_ops"}) for name in STARTS),
    )

    @validates("username", "display_name")
    def _keep_lower(self, name: str, value: str) -> str:
        setattr(self, f"{name}_lower", value.lower())
        return value

    @classmethod
    def is_account(cls) -> Any:
        """The condition that holds for people: neither left nor guests."""
        return cls.deleted_at.is_(None) & (cls.role != GUEST)

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def shown_name(self) -> str:
        return self.display_name or self.username


class FormerUsername(Base):
    """A name that an account had: its address leads to the person, until somebody else has the name."""

    __tablename__ = "former_usernames"
    username_key: Mapped[str] = mapped_column(String(KEY_MAX), primary_key=True)
    username: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)


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


class AccessToken(Base):
    """A personal token for programs: a secret of which the table has only the hash, and what it may be used for."""

    __tablename__ = "access_tokens"
    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(TOKEN_NAME_MAX))
    scopes: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    __table_args__ = table_args(UniqueConstraint("token_hash"))
