"""Keep the covers of gallery posts, names in small letters for the lists of people and tags, and locks of answers.

Revision: covers_and_names
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import BigId, UtcDateTime

revision = "covers_and_names"
down_revision = "search_index"

NAMES = ("username", "display_name")
LOWER = [f"{name}_lower" for name in NAMES]
BATCH = 1_000


# Column by column: a batch would make the table of SQLite anew, and with the old one would go what hangs on its rows.


def upgrade() -> None:
    op.add_column("posts", sa.Column("cover_file", sa.String(60)))
    op.add_column("posts", sa.Column("cover_width", BigId))
    op.add_column("posts", sa.Column("cover_height", BigId))
    for name in LOWER:
        op.add_column("users", sa.Column(name, sa.String(150), nullable=False, server_default=""))
    _fill()
    _lock_answers()
    _index("users", "ix_users_by_reputation", "deleted_at", "reputation", "id", *LOWER)
    _index("users", "ix_users_by_age", "deleted_at", "created_at", "id", *LOWER)
    op.create_index("ix_users_by_name", "users", ["deleted_at", "username_lower", "id", "display_name_lower"])
    _index("tags", "ix_tags_post_count_id", "post_count", "id", "name")


def _index(table: str, name: str, *columns: str) -> None:
    """Lay an index anew over other columns."""
    op.drop_index(name, table)
    op.create_index(name, table, list(columns))


def _fill() -> None:
    """In Python: SQLite knows the small letters of ASCII alone."""
    users = sa.table("users", sa.column("id"), *(sa.column(name) for name in (*NAMES, *LOWER)))
    change = sa.update(users).where(users.c.id == sa.bindparam("row"))
    change = change.values({name: sa.bindparam(f"new_{name}") for name in LOWER})
    connection, last = op.get_bind(), 0
    page = sa.select(users.c.id, *(users.c[name] for name in NAMES)).order_by(users.c.id).limit(BATCH)
    while rows := connection.execute(page.where(users.c.id > last)).all():
        new = [{"row": row.id} | {f"new_{name}_lower": getattr(row, name).lower() for name in NAMES} for row in rows]
        connection.execute(change, new)
        last = rows[-1].id


def _lock_answers() -> None:
    """Answers are locked with their questions from now on, and so are those of questions that are locked already."""
    posts = sa.table("posts", sa.column("id"), sa.column("parent_id"), sa.column("locked_at", UtcDateTime()))
    connection = op.get_bind()
    locked = sa.select(posts.c.id, posts.c.locked_at).where(posts.c.locked_at.is_not(None), posts.c.parent_id.is_(None))
    for row in connection.execute(locked).all():
        connection.execute(posts.update().where(posts.c.parent_id == row.id).values(locked_at=row.locked_at))


def downgrade() -> None:
    op.execute("UPDATE posts SET locked_at = NULL WHERE parent_id IS NOT NULL")
    _index("tags", "ix_tags_post_count_id", "post_count", "id")
    op.drop_index("ix_users_by_name", "users")
    _index("users", "ix_users_by_age", "deleted_at", "created_at", "id")
    _index("users", "ix_users_by_reputation", "deleted_at", "reputation", "id")
    for name in LOWER:
        op.drop_column("users", name)
    for name in ("cover_height", "cover_width", "cover_file"):
        op.drop_column("posts", name)
