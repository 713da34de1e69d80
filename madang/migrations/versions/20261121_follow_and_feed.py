"""Keep who follows what, and the feeds.

Revision: following
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, UtcDateTime

revision = "following"
down_revision = "thumbnails"

COUNTERS = (("users", "follower_count"), ("users", "following_count"), ("tags", "follower_count"))


def upgrade() -> None:
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
    for table, column in COUNTERS:
        op.add_column(table, sa.Column(column, BigId, nullable=False, server_default="0"))


def downgrade() -> None:
    for table, column in reversed(COUNTERS):
        op.drop_column(table, column)
    op.drop_table("feed_entries")
    op.drop_table("follows")
