"""The tables of boards and tags."""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, LongText, UtcDateTime


def upgrade() -> None:
    _create_boards()
    _create_board_periods()
    _create_tags()
    _create_tag_synonyms()


def downgrade() -> None:
    for table in ("tag_synonyms", "tags", "board_periods", "boards"):
        op.drop_table(table)


def _create_boards() -> None:
    op.create_table(
        "boards",
        sa.Column("id", BigId, nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("position", BigId, nullable=False),
        sa.Column("post_count", BigId, nullable=False),
        sa.Column("unanswered_count", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('qa', 'talk', 'notice', 'gallery')", name=op.f("ck_boards_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boards")),
        sa.UniqueConstraint("slug", name=op.f("uq_boards_slug")),
        **MYSQL_TABLE,
    )


def _create_board_periods() -> None:
    op.create_table(
        "board_periods",
        sa.Column("board_id", BigId, nullable=False),
        sa.Column("period", BigId, autoincrement=False, nullable=False),
        sa.Column("post_count", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["board_id"], ["boards.id"], name=op.f("fk_board_periods_board_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("board_id", "period", name=op.f("pk_board_periods")),
        **MYSQL_TABLE,
    )


def _create_tags() -> None:
    op.create_table(
        "tags",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("excerpt", sa.String(length=600), nullable=False),
        sa.Column("description", LongText, nullable=False),
        sa.Column("description_html", LongText, nullable=False),
        sa.Column("post_count", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("follower_count", BigId, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("name", name=op.f("uq_tags_name")),
        **MYSQL_TABLE,
    )
    op.create_index("ix_tags_post_count_id", "tags", ["post_count", "id", "name"])
    op.create_index("ix_tags_name", "tags", ["name"], postgresql_ops={"name": "text_pattern_ops"})


def _create_tag_synonyms() -> None:
    op.create_table(
        "tag_synonyms",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("tag_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_tag_synonyms_tag_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tag_synonyms")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_tag_synonyms_tag_id"), "tag_synonyms", ["tag_id"])
