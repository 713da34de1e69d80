"""Let people flag posts and comments.

Revision: flags
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, UtcDateTime

revision = "flags"
down_revision = "staff_log"


def upgrade() -> None:
    op.create_table(
        "flags",
        sa.Column("id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=True),
        sa.Column("comment_id", BigId, nullable=True),
        sa.Column("flagger_id", BigId, nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by_id", BigId, nullable=True),
        sa.CheckConstraint("(post_id IS NULL) <> (comment_id IS NULL)", name=op.f("ck_flags_thing")),
        sa.CheckConstraint("(is_open IS NULL) = (settled_at IS NOT NULL)", name=op.f("ck_flags_settled")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_flags_post_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name=op.f("fk_flags_comment_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["flagger_id"], ["users.id"], name=op.f("fk_flags_flagger_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["users.id"], name=op.f("fk_flags_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
        sa.UniqueConstraint("flagger_id", "post_id", "is_open", name=op.f("uq_flags_flagger_id_post_id_is_open")),
        sa.UniqueConstraint("flagger_id", "comment_id", "is_open", name=op.f("uq_flags_flagger_id_comment_id_is_open")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_flags_is_open_id"), "flags", ["is_open", "id"])
    for thing in ("post_id", "comment_id"):
        op.create_index(op.f(f"ix_flags_{thing}_is_open_id"), "flags", [thing, "is_open", "id"])
    op.create_index(op.f("ix_flags_settled_by_id"), "flags", ["settled_by_id"])


def downgrade() -> None:
    op.drop_table("flags")
