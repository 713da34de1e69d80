"""Let addresses wait for their confirmation.

Revision: 20261130_0240
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0240"
down_revision = "20261130_0215"


def upgrade() -> None:
    op.add_column("users", sa.Column("pending_email_key", sa.String(length=254), nullable=True))
    op.create_index(
        "ix_users_pending_email_key",
        "users",
        ["pending_email_key"],
        postgresql_ops={"pending_email_key": "text_pattern_ops"},
    )


def downgrade() -> None:
    op.drop_index("ix_users_pending_email_key", table_name="users")
    op.drop_column("users", "pending_email_key")
