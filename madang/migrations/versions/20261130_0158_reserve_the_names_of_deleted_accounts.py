"""Reserve the names of deleted accounts.

Names that were erased before are not known any more.

Revision: 20261130_0158
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0158"
down_revision = "20261130_0130"


def upgrade() -> None:
    op.create_table(
        "retired_usernames",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_retired_usernames")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )


def downgrade() -> None:
    op.drop_table("retired_usernames")
