"""Lay each engine's own full-text index over the search documents.

Revision: search_index
"""

from alembic import op

revision = "search_index"
down_revision = "first_tables"

COLUMNS = "title_tokens, body_tokens, author_tokens"
OLD = "old.id, old.title_tokens, old.body_tokens, old.author_tokens"
NEW = "new.id, new.title_tokens, new.body_tokens, new.author_tokens"
ADD = f"INSERT INTO search_index (rowid, {COLUMNS}) VALUES ({NEW});"
REMOVE = f"INSERT INTO search_index (search_index, rowid, {COLUMNS}) VALUES ('delete', {OLD});"

# Tokens are words already, so that the ascii tokenizer, which takes every other letter as it is, only cuts at spaces.
SQLITE = (
    f"CREATE VIRTUAL TABLE search_index USING fts5"
    f"({COLUMNS}, content='search_documents', content_rowid='id', tokenize='ascii')",
    f"CREATE TRIGGER search_index_added AFTER INSERT ON search_documents BEGIN {ADD} END",
    f"CREATE TRIGGER search_index_removed AFTER DELETE ON search_documents BEGIN {REMOVE} END",
    f"CREATE TRIGGER search_index_changed AFTER UPDATE ON search_documents BEGIN {REMOVE} {ADD} END",
    "INSERT INTO search_index (search_index) VALUES ('rebuild')",
)
VECTOR = " || ".join(
    f"setweight(to_tsvector('simple', {name}), '{weight}')"
    for name, weight in (("title_tokens", "A"), ("body_tokens", "C"), ("author_tokens", "B"))
)
POSTGRESQL = (
    f"ALTER TABLE search_documents ADD COLUMN ft_vector tsvector GENERATED ALWAYS AS ({VECTOR}) STORED",
    "CREATE INDEX ft_search_documents ON search_documents USING gin (ft_vector)",
)
MYSQL = (  # one at a time: InnoDB refuses two at once
    "ALTER TABLE search_documents ADD FULLTEXT INDEX ft_title (title_tokens)",
    f"ALTER TABLE search_documents ADD FULLTEXT INDEX ft_all ({COLUMNS})",
)
UP = {"sqlite": SQLITE, "postgresql": POSTGRESQL, "mysql": MYSQL, "mariadb": MYSQL}
NO_MYSQL = tuple(f"ALTER TABLE search_documents DROP INDEX {name}" for name in ("ft_all", "ft_title"))
DOWN = {
    "sqlite": (
        *(f"DROP TRIGGER search_index_{name}" for name in ("added", "removed", "changed")),
        "DROP TABLE search_index",
    ),
    "postgresql": ("DROP INDEX ft_search_documents", "ALTER TABLE search_documents DROP COLUMN ft_vector"),
    "mysql": NO_MYSQL,
    "mariadb": NO_MYSQL,
}


def upgrade() -> None:
    for statement in UP[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN[op.get_bind().dialect.name]:
        op.execute(statement)
