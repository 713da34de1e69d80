"""The tables of notifications, follows and feeds."""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, UtcDateTime


def upgrade() -> None:
    _create_notifications()
    _create_stream_heads()
    _create_told()
    _create_notification_preferences()
    _create_follows()
    _create_feed_entries()


def downgrade() -> None:
    for table in ("feed_entries", "follows", "notification_preferences", "told", "stream_heads", "notifications"):
        op.drop_table(table)


def _create_notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("user_id", BigId, nullable=True),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("is_activity", sa.Boolean(), nullable=False),
        sa.Column("state_key", sa.String(length=80), nullable=True),
        sa.Column("group_key", sa.String(length=80), nullable=True),
        sa.Column("post_id", BigId, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("user_id", "state_key", name=op.f("uq_notifications_user_id_state_key")),
        **MYSQL_TABLE,
    )
    op.create_index("ix_notifications_person", "notifications", ["user_id", "id"])
    op.create_index("ix_notifications_list", "notifications", ["user_id", "is_activity", "id"])
    op.create_index("ix_notifications_group", "notifications", ["user_id", "group_key", "read_at"])
    op.create_index("ix_notifications_topic", "notifications", ["topic", "id"])
    op.create_index("ix_notifications_post", "notifications", ["post_id"])
    op.create_index("ix_notifications_age", "notifications", ["created_at"])


def _create_stream_heads() -> None:
    op.create_table(
        "stream_heads",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("last_id", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream_heads")),
        **MYSQL_TABLE,
    )


def _create_told() -> None:
    op.create_table(
        "told",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("thing", sa.String(length=80), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_told_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "thing", name=op.f("pk_told")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_told_told_at"), "told", ["told_at"])


def _create_notification_preferences() -> None:
    op.create_table(
        "notification_preferences",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=10), nullable=False),
        sa.Column("digest_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notification_preferences_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notification_preferences")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_notification_preferences_digest_at"), "notification_preferences", ["digest_at"])


def _create_follows() -> None:
    op.create_table(
        "follows",
        sa.Column("id", BigId, nullable=False),
        sa.Column("follower_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target_id", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('person', 'question', 'tag', 'board')", name=op.f("ck_follows_kind")),
        sa.ForeignKeyConstraint(["follower_id"], ["users.id"], name=op.f("fk_follows_follower_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follows")),
        sa.UniqueConstraint("follower_id", "kind", "target_id", name=op.f("uq_follows_follower_id_kind_target_id")),
        **MYSQL_TABLE,
    )
    op.create_index("ix_follows_follower", "follows", ["follower_id", "kind", "id"])
    op.create_index("ix_follows_target", "follows", ["kind", "target_id", "id"])


def _create_feed_entries() -> None:
    op.create_table(
        "feed_entries",
        sa.Column("user_id", BigId, autoincrement=False, nullable=False),
        sa.Column("post_id", BigId, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("target_id", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "post_id", name=op.f("pk_feed_entries")),
        **MYSQL_TABLE,
    )
    op.create_index("ix_feed_entries_newest", "feed_entries", ["user_id", "created_at", "post_id"])
