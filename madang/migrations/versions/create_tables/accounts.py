"""The tables of accounts and guests, their sessions and their tokens."""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, LongText, UtcDateTime


def upgrade() -> None:
    _create_users()
    _create_former_usernames()
    _create_sessions()
    _create_access_tokens()


def downgrade() -> None:
    for table in ("access_tokens", "sessions", "former_usernames", "users"):
        op.drop_table(table)


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", BigId, nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("username_key", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("email_confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("display_name", sa.String(length=50), nullable=False),
        sa.Column("bio", LongText, nullable=False),
        sa.Column("bio_html", LongText, nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("location", sa.String(length=100), nullable=False),
        sa.Column("avatar_file", sa.String(length=60), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("reputation", BigId, nullable=False),
        sa.Column("imported_reputation", BigId, nullable=False),
        sa.Column("question_count", BigId, nullable=False),
        sa.Column("answer_count", BigId, nullable=False),
        sa.Column("comment_count", BigId, nullable=False),
        sa.Column("accepted_count", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=True),
        sa.Column("suspended_until", UtcDateTime(), nullable=True),
        sa.Column("suspended_reason", sa.String(length=300), nullable=True),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("username_lower", sa.String(length=150), server_default="", nullable=False),
        sa.Column("display_name_lower", sa.String(length=150), server_default="", nullable=False),
        sa.Column("unread_notification_count", BigId, server_default="0", nullable=False),
        sa.Column("unread_message_count", BigId, server_default="0", nullable=False),
        sa.Column("follower_count", BigId, server_default="0", nullable=False),
        sa.Column("following_count", BigId, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_key", name=op.f("uq_users_email_key")),
        sa.UniqueConstraint("username_key", name=op.f("uq_users_username_key")),
        **MYSQL_TABLE,
    )
    op.create_index(
        "ix_users_by_reputation",
        "users",
        ["deleted_at", "reputation", "id", "role", "username_lower", "display_name_lower"],
    )
    op.create_index(
        "ix_users_by_age", "users", ["deleted_at", "created_at", "id", "role", "username_lower", "display_name_lower"]
    )
    op.create_index("ix_users_by_name", "users", ["deleted_at", "username_lower", "id", "role", "display_name_lower"])
    op.create_index("ix_users_by_role", "users", ["role", "last_seen_at"])
    op.create_index("ix_users_suspended_until", "users", ["suspended_until"])
    op.create_index(
        "ix_users_username_lower", "users", ["username_lower"], postgresql_ops={"username_lower": "text_pattern_ops"}
    )
    op.create_index(
        "ix_users_display_name_lower",
        "users",
        ["display_name_lower"],
        postgresql_ops={"display_name_lower": "text_pattern_ops"},
    )
    op.create_index("ix_users_email_key", "users", ["email_key"], postgresql_ops={"email_key": "text_pattern_ops"})


def _create_former_usernames() -> None:
    op.create_table(
        "former_usernames",
        sa.Column("username_key", sa.String(length=160), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_former_usernames_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("username_key", name=op.f("pk_former_usernames")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_former_usernames_user_id"), "former_usernames", ["user_id"])


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("is_remembered", sa.Boolean(), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.Column("ip_address", sa.String(length=45), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"])
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"])


def _create_access_tokens() -> None:
    op.create_table(
        "access_tokens",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("scopes", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_access_tokens_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_access_tokens_token_hash")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_access_tokens_user_id"), "access_tokens", ["user_id"])
