"""Find users by their role, and pass over guests inside the indexes of people's lists.

Revision: guests
"""

from alembic import op

revision = "guests"
down_revision = "stream"

LOWER = ("username_lower", "display_name_lower")
# An index and its columns, as it was and as it becomes.
LISTS = {
    "ix_users_by_reputation": (
        ["deleted_at", "reputation", "id", *LOWER],
        ["deleted_at", "reputation", "id", "role", *LOWER],
    ),
    "ix_users_by_age": (["deleted_at", "created_at", "id", *LOWER], ["deleted_at", "created_at", "id", "role", *LOWER]),
    "ix_users_by_name": (
        ["deleted_at", "username_lower", "id", "display_name_lower"],
        ["deleted_at", "username_lower", "id", "role", "display_name_lower"],
    ),
}


def upgrade() -> None:
    for name, (_before, after) in LISTS.items():
        op.drop_index(name, "users")
        op.create_index(name, "users", after)
    op.create_index("ix_users_by_role", "users", ["role", "last_seen_at"])


def downgrade() -> None:
    op.execute("DELETE FROM users WHERE role = 'guest'")  # the tables before knew no guests
    op.drop_index("ix_users_by_role", "users")
    for name, (before, _after) in LISTS.items():
        op.drop_index(name, "users")
        op.create_index(name, "users", before)
