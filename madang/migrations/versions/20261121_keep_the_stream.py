"""Keep what people are told, in the order in which it happened.

Revision: stream
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, UtcDateTime

revision = "stream"
down_revision = "covers_and_names"


def upgrade() -> None:
    # Not by a batch: it would make SQLite's table anew, and with the old one would go what hangs on its rows.
    op.add_column("users", sa.Column("unread_notification_count", BigId, server_default="0", nullable=False))
    op.create_table(
        "notifications",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("user_id", BigId, nullable=True),
        sa.Column("topic", sa.String(40), nullable=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("is_activity", sa.Boolean(), nullable=False),
        sa.Column("state_key", sa.String(80), nullable=True),
        sa.Column("group_key", sa.String(80), nullable=True),
        sa.Column("post_id", BigId, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("user_id", "state_key", name=op.f("uq_notifications_user_id_state_key")),
        **MYSQL_TABLE,
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "notifications", columns)
    op.create_table(
        "stream_heads",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("last_id", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream_heads")),
        **MYSQL_TABLE,
    )
    op.create_table(
        "told",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("thing", sa.String(80), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_told_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "thing", name=op.f("pk_told")),
        **MYSQL_TABLE,
    )
    op.create_index("ix_told_told_at", "told", ["told_at"])
    op.create_table(
        "notification_preferences",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(10), nullable=False),
        sa.Column("digest_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notification_preferences_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notification_preferences")),
        **MYSQL_TABLE,
    )
    op.create_index("ix_notification_preferences_digest_at", "notification_preferences", ["digest_at"])


INDEXES = {
    "ix_notifications_person": ["user_id", "id"],
    "ix_notifications_list": ["user_id", "is_activity", "id"],
    "ix_notifications_group": ["user_id", "group_key", "read_at"],
    "ix_notifications_topic": ["topic", "id"],
    "ix_notifications_post": ["post_id"],
    "ix_notifications_age": ["created_at"],
}


def downgrade() -> None:
    for name in ("notification_preferences", "told", "stream_heads", "notifications"):
        op.drop_table(name)
    op.drop_column("users", "unread_notification_count")
