"""The table of search documents, and the full-text index of each database over it, which is not in the models."""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, LongText, UtcDateTime

COLUMNS = "title_tokens, body_tokens, author_tokens"
OLD = "old.id, old.title_tokens, old.body_tokens, old.author_tokens"
NEW = "new.id, new.title_tokens, new.body_tokens, new.author_tokens"
ADD = f"INSERT INTO search_index (rowid, {COLUMNS}) VALUES ({NEW});"
REMOVE = f"INSERT INTO search_index (search_index, rowid, {COLUMNS}) VALUES ('delete', {OLD});"

# Tokens are words already, and the ascii tokenizer splits at spaces only: it keeps every letter beyond ASCII as it is.
SQLITE = (
    f"CREATE VIRTUAL TABLE search_index USING fts5"
    f"({COLUMNS}, content='search_documents', content_rowid='id', tokenize='ascii')",
    f"CREATE TRIGGER search_index_added AFTER INSERT ON search_documents BEGIN {ADD} END",
    f"CREATE TRIGGER search_index_removed AFTER DELETE ON search_documents BEGIN {REMOVE} END",
    f"CREATE TRIGGER search_index_changed AFTER UPDATE ON search_documents BEGIN {REMOVE} {ADD} END",
)
VECTOR = " || ".join(
    f"setweight(to_tsvector('simple', {name}), '{weight}')"
    for name, weight in (("title_tokens", "A"), ("body_tokens", "C"), ("author_tokens", "B"))
)
POSTGRESQL = (
    f"ALTER TABLE search_documents ADD COLUMN ft_vector tsvector GENERATED ALWAYS AS ({VECTOR}) STORED",
    "CREATE INDEX ft_search_documents ON search_documents USING gin (ft_vector)",
)
MYSQL = (  # InnoDB refuses two full-text indexes in one statement
    "ALTER TABLE search_documents ADD FULLTEXT INDEX ft_title (title_tokens)",
    f"ALTER TABLE search_documents ADD FULLTEXT INDEX ft_all ({COLUMNS})",
)
INDEXES = {"sqlite": SQLITE, "postgresql": POSTGRESQL, "mysql": MYSQL, "mariadb": MYSQL}


def upgrade() -> None:
    _create_search_documents()
    for statement in INDEXES[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("search_documents")  # with its triggers, indexes and generated column
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("search_index")


def _create_search_documents() -> None:
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
    op.create_index(op.f("ix_search_documents_page_post_id"), "search_documents", ["page_post_id"])
