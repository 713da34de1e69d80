"""The tables of comments, votes and flags."""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, LongText, UtcDateTime


def upgrade() -> None:
    _create_comments()
    _create_comment_votes()
    _create_post_votes()
    _create_flags()


def downgrade() -> None:
    for table in ("flags", "post_votes", "comment_votes", "comments"):
        op.drop_table(table)


def _create_comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("parent_id", BigId, nullable=True),
        sa.Column("author_id", BigId, nullable=True),
        sa.Column("author_name", sa.String(length=60), nullable=True),
        sa.Column("state", BigId, nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("body_html", LongText, nullable=False),
        sa.Column("score", BigId, nullable=False),
        sa.Column("imported_up", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("deleted_by_id", BigId, nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_comments_author_id")),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["users.id"], name=op.f("fk_comments_deleted_by_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["comments.id"], name=op.f("fk_comments_parent_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_comments_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("author_id", "fingerprint", name=op.f("uq_comments_author_id_fingerprint")),
        **MYSQL_TABLE,
    )
    op.create_index("ix_comments_author", "comments", ["author_id", "state", "created_at", "id"])
    op.create_index(op.f("ix_comments_parent_id"), "comments", ["parent_id"])
    op.create_index("ix_comments_post", "comments", ["post_id", "state", "created_at", "id"])


def _create_comment_votes() -> None:
    op.create_table(
        "comment_votes",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("comment_id", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_comment_votes_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_comment_votes_user_id")),
        sa.PrimaryKeyConstraint("user_id", "comment_id", name=op.f("pk_comment_votes")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_comment_votes_comment_id"), "comment_votes", ["comment_id"])


def _create_post_votes() -> None:
    op.create_table(
        "post_votes",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("value", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("value IN (-1, 1)", name=op.f("ck_post_votes_value")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_votes_post_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_post_votes_user_id")),
        sa.PrimaryKeyConstraint("user_id", "post_id", name=op.f("pk_post_votes")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_post_votes_post_id"), "post_votes", ["post_id"])


def _create_flags() -> None:
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
    op.create_index(op.f("ix_flags_post_id_is_open_id"), "flags", ["post_id", "is_open", "id"])
    op.create_index(op.f("ix_flags_comment_id_is_open_id"), "flags", ["comment_id", "is_open", "id"])
    op.create_index(op.f("ix_flags_settled_by_id"), "flags", ["settled_by_id"])
