"""Name the latest request of each account to recover its password.

Revision: 20261130_0600
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0600"
down_revision = "20261130_0250"


def upgrade() -> None:
    op.add_column("users", sa.Column("password_request", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "password_request")
