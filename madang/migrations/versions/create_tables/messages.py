"""The tables of conversations and blocks."""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, LongText, UtcDateTime


def upgrade() -> None:
    _create_conversations()
    _create_conversation_members()
    _create_messages()
    _create_message_reports()
    _create_blocks()


def downgrade() -> None:
    for table in ("blocks", "message_reports", "messages", "conversation_members", "conversations"):
        op.drop_table(table)


def _create_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", BigId, nullable=False),
        sa.Column("people_key", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("is_system", sa.Boolean(), nullable=False),
        sa.Column("message_count", BigId, nullable=False),
        sa.Column("last_message_id", BigId, nullable=False),
        sa.Column("last_message_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("people_key", name=op.f("uq_conversations_people_key")),
        **MYSQL_TABLE,
    )


def _create_conversation_members() -> None:
    op.create_table(
        "conversation_members",
        sa.Column("id", BigId, nullable=False),
        sa.Column("conversation_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("is_muted", sa.Boolean(), nullable=False),
        sa.Column("unread_count", BigId, nullable=False),
        sa.Column("last_read_message_id", BigId, nullable=False),
        sa.Column("last_message_read_at", UtcDateTime(), nullable=True),
        sa.Column("starts_after_id", BigId, nullable=False),
        sa.Column("last_message_at", UtcDateTime(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_members_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_conversation_members_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_members")),
        sa.UniqueConstraint("conversation_id", "user_id", name=op.f("uq_conversation_members_conversation_id_user_id")),
        **MYSQL_TABLE,
    )
    op.create_index(
        "ix_conversation_members_inbox",
        "conversation_members",
        ["user_id", "left_at", "last_message_at", "conversation_id"],
    )


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", BigId, nullable=False),
        sa.Column("conversation_id", BigId, nullable=False),
        sa.Column("author_id", BigId, nullable=True),
        sa.Column("body", LongText, nullable=False),
        sa.Column("body_html", LongText, nullable=False),
        sa.Column("excerpt", sa.String(length=141), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_messages_author_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("author_id", "fingerprint", name=op.f("uq_messages_author_id_fingerprint")),
        **MYSQL_TABLE,
    )
    op.create_index("ix_messages_conversation", "messages", ["conversation_id", "id"])


def _create_message_reports() -> None:
    op.create_table(
        "message_reports",
        sa.Column("id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=True),
        sa.Column("reporter_id", BigId, nullable=True),
        sa.Column("author_id", BigId, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("body_html", LongText, nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_reports_message_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["users.id"], name=op.f("fk_message_reports_reporter_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_message_reports_author_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_reports")),
        sa.UniqueConstraint("message_id", "reporter_id", name=op.f("uq_message_reports_message_id_reporter_id")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_message_reports_reporter_id"), "message_reports", ["reporter_id"])
    op.create_index(op.f("ix_message_reports_author_id"), "message_reports", ["author_id"])


def _create_blocks() -> None:
    op.create_table(
        "blocks",
        sa.Column("blocker_id", BigId, nullable=False),
        sa.Column("blocked_id", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["blocked_id"], ["users.id"], name=op.f("fk_blocks_blocked_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["blocker_id"], ["users.id"], name=op.f("fk_blocks_blocker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("blocker_id", "blocked_id", name=op.f("pk_blocks")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_blocks_blocked_id"), "blocks", ["blocked_id"])
