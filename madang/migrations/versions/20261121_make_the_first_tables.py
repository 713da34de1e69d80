"""Make the first tables.

Revision: first_tables
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, LongText, UtcDateTime

revision = "first_tables"
down_revision = None


def upgrade() -> None:
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
        sa.CheckConstraint("kind IN ('qa', 'talk', 'notice', 'gallery')", name=op.f("ck_boards_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boards")),
        sa.UniqueConstraint("slug", name=op.f("uq_boards_slug")),
        **MYSQL_TABLE,
    )
    op.create_table(
        "imported_rows",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=40), nullable=False),
        sa.Column("local_id", BigId, nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", "external_id", name=op.f("pk_imported_rows")),
        **MYSQL_TABLE,
    )
    with op.batch_alter_table("imported_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_rows_kind_local_id"), ["kind", "local_id"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("owner_id", BigId, nullable=True),
        sa.Column("run_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", BigId, nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("worker", sa.String(length=120), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("error", LongText, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        **MYSQL_TABLE,
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_owner_id_name"), ["owner_id", "name"], unique=False)
        batch_op.create_index("ix_jobs_state_run_at", ["state", "run_at", "id"], unique=False)

    op.create_table(
        "site_settings",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", LongText, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site_settings")),
        **MYSQL_TABLE,
    )
    op.create_table(
        "tags",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("excerpt", sa.String(length=600), nullable=False),
        sa.Column("description", LongText, nullable=False),
        sa.Column("description_html", LongText, nullable=False),
        sa.Column("post_count", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("name", name=op.f("uq_tags_name")),
        **MYSQL_TABLE,
    )
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tags_post_count_id"), ["post_count", "id"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", BigId, nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("username_key", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("email_confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("display_name", sa.String(length=50), nullable=False),
        sa.Column("bio", LongText, nullable=False),
        sa.Column("bio_html", LongText, nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("location", sa.String(length=100), nullable=False),
        sa.Column("avatar_file", sa.String(length=60), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("reputation", BigId, nullable=False),
        sa.Column("imported_reputation", BigId, nullable=False),
        sa.Column("question_count", BigId, nullable=False),
        sa.Column("answer_count", BigId, nullable=False),
        sa.Column("comment_count", BigId, nullable=False),
        sa.Column("accepted_count", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=True),
        sa.Column("suspended_until", UtcDateTime(), nullable=True),
        sa.Column("suspended_reason", sa.String(length=300), nullable=True),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_key", name=op.f("uq_users_email_key")),
        sa.UniqueConstraint("username_key", name=op.f("uq_users_username_key")),
        **MYSQL_TABLE,
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index("ix_users_by_age", ["deleted_at", "created_at", "id"], unique=False)
        batch_op.create_index("ix_users_by_reputation", ["deleted_at", "reputation", "id"], unique=False)

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
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_attachments_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("name", name=op.f("uq_attachments_name")),
        **MYSQL_TABLE,
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_owner_id"), ["owner_id"], unique=False)

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
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_posts_author_id")),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_posts_board_id")),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["users.id"], name=op.f("fk_posts_deleted_by_id")),
        sa.ForeignKeyConstraint(["editor_id"], ["users.id"], name=op.f("fk_posts_editor_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["posts.id"], name=op.f("fk_posts_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("author_id", "fingerprint", name=op.f("uq_posts_author_id_fingerprint")),
        **MYSQL_TABLE,
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index("ix_posts_author", ["author_id", "kind", "state", "created_at", "id"], unique=False)
        batch_op.create_index(
            "ix_posts_board_active", ["board_id", "kind", "state", "last_activity_at", "id"], unique=False
        )
        batch_op.create_index("ix_posts_board_newest", ["board_id", "kind", "state", "created_at", "id"], unique=False)
        batch_op.create_index("ix_posts_board_pinned", ["board_id", "pinned_at"], unique=False)
        batch_op.create_index(
            "ix_posts_board_unanswered", ["board_id", "kind", "state", "answer_count", "created_at", "id"], unique=False
        )
        batch_op.create_index("ix_posts_board_votes", ["board_id", "kind", "state", "score", "id"], unique=False)
        batch_op.create_index("ix_posts_kind_active", ["kind", "state", "last_activity_at", "id"], unique=False)
        batch_op.create_index("ix_posts_kind_newest", ["kind", "state", "created_at", "id"], unique=False)
        batch_op.create_index(
            "ix_posts_kind_unanswered", ["kind", "state", "answer_count", "created_at", "id"], unique=False
        )
        batch_op.create_index("ix_posts_kind_votes", ["kind", "state", "score", "id"], unique=False)
        batch_op.create_index("ix_posts_parent", ["parent_id", "state", "score", "id"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("is_remembered", sa.Boolean(), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.Column("ip_address", sa.String(length=45), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
        **MYSQL_TABLE,
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "tag_synonyms",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("tag_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_tag_synonyms_tag_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tag_synonyms")),
        **MYSQL_TABLE,
    )
    with op.batch_alter_table("tag_synonyms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tag_synonyms_tag_id"), ["tag_id"], unique=False)

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
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index("ix_comments_author", ["author_id", "state", "created_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comments_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_comments_post", ["post_id", "state", "created_at", "id"], unique=False)

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
    with op.batch_alter_table("post_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_links_related_post_id"), ["related_post_id"], unique=False)

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
    with op.batch_alter_table("post_tags", schema=None) as batch_op:
        batch_op.create_index("ix_post_tags_newest", ["tag_id", "post_created_at", "post_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_tags_post_id"), ["post_id"], unique=False)

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
    with op.batch_alter_table("post_votes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_votes_post_id"), ["post_id"], unique=False)

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
    with op.batch_alter_table("comment_votes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_votes_comment_id"), ["comment_id"], unique=False)

    op.create_table(
        "search_documents",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("post_id", BigId, nullable=True),
        sa.Column("comment_id", BigId, nullable=True),
        sa.Column("user_id", BigId, nullable=True),
        sa.Column("page_post_id", BigId, nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("author_tokens", LongText, nullable=False),
        sa.Column("title_tokens", LongText, nullable=False),
        sa.Column("body_tokens", LongText, nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_search_documents_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["page_post_id"], ["posts.id"], name=op.f("fk_search_documents_page_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_search_documents_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_search_documents_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_search_documents_comment_id")),
        sa.UniqueConstraint("post_id", name=op.f("uq_search_documents_post_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_search_documents_user_id")),
        **MYSQL_TABLE,
    )
    with op.batch_alter_table("search_documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_documents_page_post_id"), ["page_post_id"], unique=False)


def downgrade() -> None:
    # A table takes its indexes with it; MariaDB would not let go of those that a foreign key leans on.
    op.drop_table("search_documents")
    op.drop_table("comment_votes")
    op.drop_table("revisions")
    op.drop_table("post_votes")
    op.drop_table("post_tags")
    op.drop_table("post_links")
    op.drop_table("comments")
    op.drop_table("tag_synonyms")
    op.drop_table("sessions")
    op.drop_table("posts")
    op.drop_table("drafts")
    op.drop_table("board_periods")
    op.drop_table("attachments")
    op.drop_table("users")
    op.drop_table("tags")
    op.drop_table("site_settings")
    op.drop_table("jobs")
    op.drop_table("imported_rows")
    op.drop_table("boards")
