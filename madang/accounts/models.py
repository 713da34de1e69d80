"""Tables of accounts: users, former and retired usernames, login sessions, personal access tokens."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from madang.core.actor import GUEST
from madang.core.db import Base, Id, LongText, table_args

DISPLAY_NAME_MAX = 50
BIO_MAX = 5_000
WEBSITE_MAX = 200
LOCATION_MAX = 100
EMAIL_MAX = 254
KEY_MAX = 160
LOWER_MAX = 150  # lowercasing can turn one character into three
LOWERCASE_COLUMNS = ("username_lower", "display_name_lower")
PREFIX_COLUMNS = (*LOWERCASE_COLUMNS, "email_key", "pending_email_key")  # searched by prefix
REASON_MAX = 300
ROLES = ("member", "moderator", "admin")
PASSWORD_MIN = 10
PASSWORD_MAX = 1_000
SESSION_RENEWED_AFTER = timedelta(minutes=10)
TOKEN_NAME_MAX = 60
MAX_SESSIONS = 100


def guest_key(handle: str) -> str:
    """The `username_key` of a guest, the same in any case. Its colon occurs in no account's key."""
    return f"{GUEST}:{handle.upper()}"


def name_columns(username: str, display_name: str) -> dict[str, str]:
    """The name columns of an account, for rows inserted without the ORM (which fills the `_lower` columns itself)."""
    names = {"username": username, "display_name": display_name}
    return names | {f"{column}_lower": name.lower() for column, name in names.items()}


class User(Base):
    """An account or a guest. A deleted account stays as a row without a name, because its posts refer to it.

    A guest's username is its handle; its key has a colon, which no account's key has, so the two never collide.
    `username_lower` and `display_name_lower` are derived from the names; lists sort and search by them. They are part
    of the lists' indexes, so that a search reads only the accounts that match. `email_request` names the
    latest request to confirm an address, at random: links of older requests are void. So does `password_request` for
    forgotten passwords. `pending_email_key` replaces `email_key` while an address waits to be confirmed: several
    accounts may wait for one.
    """

    __tablename__ = "users"
    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(40))
    username_lower: Mapped[str] = mapped_column(String(LOWER_MAX), server_default="")
    username_key: Mapped[str] = mapped_column(String(KEY_MAX))
    email: Mapped[str | None] = mapped_column(String(EMAIL_MAX))
    email_key: Mapped[str | None] = mapped_column(String(EMAIL_MAX))
    email_confirmed_at: Mapped[datetime | None]
    pending_email_key: Mapped[str | None] = mapped_column(String(EMAIL_MAX))
    email_request: Mapped[str | None] = mapped_column(String(32))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_request: Mapped[str | None] = mapped_column(String(32))
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
        # The role is part of the lists' indexes, so that guests are filtered out within the index.
        Index("ix_users_by_reputation", "deleted_at", "reputation", "id", "role", *LOWERCASE_COLUMNS),
        Index("ix_users_by_age", "deleted_at", "created_at", "id", "role", *LOWERCASE_COLUMNS),
        Index("ix_users_by_name", "deleted_at", "username_lower", "id", "role", "display_name_lower"),
        Index("ix_users_by_role", "role", "last_seen_at"),
        Index("ix_users_suspended_until", "suspended_until"),
        *(Index(f"ix_users_{name}", name, postgresql_ops={name: "text_pattern_ops"}) for name in PREFIX_COLUMNS),
    )

    @validates("username", "display_name")
    def _set_lowercase(self, name: str, value: str) -> str:
        setattr(self, f"{name}_lower", value.lower())
        return value

    @classmethod
    def is_account(cls) -> ColumnElement[bool]:
        """The SQL condition for accounts: neither deleted nor guests."""
        return cls.deleted_at.is_(None) & (cls.role != GUEST)

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def shown_name(self) -> str:
        return self.display_name or self.username


@dataclass(frozen=True, slots=True)
class FormerAddress:
    """An address that an account had, or for whose confirmation it only waited."""

    email: str
    was_pending: bool


class FormerUsername(Base):
    """A previous username of an account: its profile URL redirects to the account, and nobody else can take it."""

    __tablename__ = "former_usernames"
    username_key: Mapped[str] = mapped_column(String(KEY_MAX), primary_key=True)
    username: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)


class RetiredUsername(Base):
    """A username that nobody can take, since an account that had it was deleted: a keyed hash of its `username_key`."""

    __tablename__ = "retired_usernames"
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class LoginSession(Base):
    """A login session of a browser or program. The cookie holds the token, the table only its SHA-256 hash."""

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
    """A personal access token for programs, with its scopes. The table holds only the SHA-256 hash of the secret."""

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


class Membership(Base):
    """A person in a group, once. It is here, below the groups, since an actor is loaded with the ids of their groups.

    `origin` says how the person came; whatever changes the members of a group locks the group first.
    """

    __tablename__ = "group_memberships"
    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(ForeignKey("user_groups.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    is_owner: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    __table_args__ = table_args(
        UniqueConstraint("user_id", "group_id"),
        Index("ix_group_memberships_group", "group_id", "id"),
        CheckConstraint("origin IN ('added', 'joined', 'requested', 'domain')", name="origin"),
    )
