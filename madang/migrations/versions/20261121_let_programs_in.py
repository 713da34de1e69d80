"""Let programs in: personal tokens, and the answers that are kept for a key.

Revision: programs
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, LongText, UtcDateTime

revision = "programs"
down_revision = "todos"


def upgrade() -> None:
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
    op.create_table(
        "kept_answers",
        sa.Column("id", BigId, nullable=False),
        sa.Column("caller", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", BigId, nullable=False),
        sa.Column("headers", LongText, nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answers")),
        sa.UniqueConstraint("caller", "key", name=op.f("uq_kept_answers_caller_key")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_kept_answers_created_at"), "kept_answers", ["created_at"])


def downgrade() -> None:
    op.drop_table("kept_answers")
    op.drop_table("access_tokens")
