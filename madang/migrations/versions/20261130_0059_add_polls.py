"""Add polls.

Revision: 20261130_0059
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import BigId, UtcDateTime

revision = "20261130_0059"
down_revision = "20261129_0000"


def upgrade() -> None:
    op.create_table(
        "polls",
        sa.Column("id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("question", sa.String(length=150), nullable=False),
        sa.Column("is_multiple", sa.Boolean(), nullable=False),
        sa.Column("results", sa.String(length=12), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=True),
        sa.Column("voter_count", BigId, nullable=False),
        sa.Column("version", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("results IN ('always', 'after_voting')", name=op.f("ck_polls_results")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_polls_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        sa.UniqueConstraint("post_id", name=op.f("uq_polls_post_id")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "poll_choices",
        sa.Column("id", BigId, nullable=False),
        sa.Column("poll_id", BigId, nullable=False),
        sa.Column("position", BigId, nullable=False),
        sa.Column("text", sa.String(length=100), nullable=False),
        sa.Column("vote_count", BigId, nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_choices_poll_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_choices")),
        sa.UniqueConstraint("poll_id", "position", name=op.f("uq_poll_choices_poll_id_position")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "poll_votes",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("choice_id", BigId, nullable=False),
        sa.Column("poll_id", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["poll_choices.id"], name=op.f("fk_poll_votes_choice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_votes_poll_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_poll_votes_user_id")),
        sa.PrimaryKeyConstraint("user_id", "choice_id", name=op.f("pk_poll_votes")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_poll_votes_choice_id"), "poll_votes", ["choice_id"], unique=False)
    op.create_index(op.f("ix_poll_votes_poll_id_user_id"), "poll_votes", ["poll_id", "user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("poll_votes")
    op.drop_table("poll_choices")
    op.drop_table("polls")
