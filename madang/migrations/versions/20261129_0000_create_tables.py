"""Create the tables.

Revision: 20261129_0000
"""

from madang.migrations.versions.create_tables import (
    accounts,
    administration,
    boards,
    comments,
    core,
    messages,
    notifications,
    posts,
    search,
    todos,
)

revision = "20261129_0000"
down_revision = None

# A part stands behind those that its foreign keys refer to.
PARTS = (core, accounts, boards, posts, comments, messages, notifications, todos, administration, search)


def upgrade() -> None:
    for part in PARTS:
        part.upgrade()


def downgrade() -> None:
    for part in reversed(PARTS):
        part.downgrade()
