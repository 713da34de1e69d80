"""The tables of posts and what belongs to a post."""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, LongText, UtcDateTime


def upgrade() -> None:
    _create_posts()
    _create_revisions()
    _create_post_links()
    _create_post_tags()
    _create_drafts()
    _create_attachments()


def downgrade() -> None:
    for table in ("attachments", "drafts", "post_tags", "post_links", "revisions", "posts"):
        op.drop_table(table)


def _create_posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("board_id", BigId, nullable=False),
        sa.Column("parent_id", BigId, nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", BigId, nullable=False),
        sa.Column("author_id", BigId, nullable=True),
        sa.Column("author_name", sa.String(length=60), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("body_html", LongText, nullable=False),
        sa.Column("renderer_version", BigId, nullable=False),
        sa.Column("excerpt", sa.String(length=400), nullable=False),
        sa.Column("tag_names", sa.String(length=200), nullable=False),
        sa.Column("version", BigId, nullable=False),
        sa.Column("score", BigId, nullable=False),
        sa.Column("imported_up", BigId, nullable=False),
        sa.Column("imported_down", BigId, nullable=False),
        sa.Column("answer_count", BigId, nullable=False),
        sa.Column("comment_count", BigId, nullable=False),
        sa.Column("view_count", BigId, nullable=False),
        sa.Column("accepted_answer_id", BigId, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column("editor_id", BigId, nullable=True),
        sa.Column("last_activity_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("deleted_by_id", BigId, nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("close_reason", sa.String(length=20), nullable=True),
        sa.Column("locked_at", UtcDateTime(), nullable=True),
        sa.Column("pinned_at", UtcDateTime(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("cover_file", sa.String(length=60), nullable=True),
        sa.Column("cover_width", BigId, nullable=True),
        sa.Column("cover_height", BigId, nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_posts_author_id")),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_posts_board_id")),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["users.id"], name=op.f("fk_posts_deleted_by_id")),
        sa.ForeignKeyConstraint(["editor_id"], ["users.id"], name=op.f("fk_posts_editor_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["posts.id"], name=op.f("fk_posts_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("author_id", "fingerprint", name=op.f("uq_posts_author_id_fingerprint")),
        **MYSQL_TABLE,
    )
    op.create_index("ix_posts_author", "posts", ["author_id", "kind", "state", "created_at", "id"])
    op.create_index("ix_posts_board_active", "posts", ["board_id", "kind", "state", "last_activity_at", "id"])
    op.create_index("ix_posts_board_newest", "posts", ["board_id", "kind", "state", "created_at", "id"])
    op.create_index("ix_posts_board_pinned", "posts", ["board_id", "pinned_at"])
    op.create_index(
        "ix_posts_board_unanswered", "posts", ["board_id", "kind", "state", "answer_count", "created_at", "id"]
    )
    op.create_index("ix_posts_board_votes", "posts", ["board_id", "kind", "state", "score", "id"])
    op.create_index("ix_posts_kind_active", "posts", ["kind", "state", "last_activity_at", "id"])
    op.create_index("ix_posts_kind_newest", "posts", ["kind", "state", "created_at", "id"])
    op.create_index("ix_posts_kind_unanswered", "posts", ["kind", "state", "answer_count", "created_at", "id"])
    op.create_index("ix_posts_kind_votes", "posts", ["kind", "state", "score", "id"])
    op.create_index("ix_posts_parent", "posts", ["parent_id", "state", "score", "id"])


def _create_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("author_id", BigId, nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("tag_names", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_revisions_author_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_revisions_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_revisions_post_id_number")),
        **MYSQL_TABLE,
    )


def _create_post_links() -> None:
    op.create_table(
        "post_links",
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("related_post_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_links_post_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["related_post_id"], ["posts.id"], name=op.f("fk_post_links_related_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "related_post_id", "kind", name=op.f("pk_post_links")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_post_links_related_post_id"), "post_links", ["related_post_id"])


def _create_post_tags() -> None:
    op.create_table(
        "post_tags",
        sa.Column("tag_id", BigId, nullable=False),
        sa.Column("post_id", BigId, nullable=False),
        sa.Column("post_created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_tags_post_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_post_tags_tag_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tag_id", "post_id", name=op.f("pk_post_tags")),
        **MYSQL_TABLE,
    )
    op.create_index("ix_post_tags_newest", "post_tags", ["tag_id", "post_created_at", "post_id"])
    op.create_index(op.f("ix_post_tags_post_id"), "post_tags", ["post_id"])


def _create_drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_drafts_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("user_id", "place", name=op.f("uq_drafts_user_id_place")),
        **MYSQL_TABLE,
    )


def _create_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("owner_id", BigId, nullable=False),
        sa.Column("content_type", sa.String(length=40), nullable=False),
        sa.Column("width", BigId, nullable=False),
        sa.Column("height", BigId, nullable=False),
        sa.Column("byte_count", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("thumbnail_width", BigId, nullable=True),
        sa.Column("thumbnail_height", BigId, nullable=True),
        sa.Column("is_used", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_attachments_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("name", name=op.f("uq_attachments_name")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_attachments_owner_id"), "attachments", ["owner_id"])
    op.create_index("ix_attachments_unused", "attachments", ["is_used", "id"])
