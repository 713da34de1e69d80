"""Name requests of addresses.

Revision: 20261130_0127
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0127"
down_revision = "20261130_0059"


def upgrade() -> None:
    op.add_column("users", sa.Column("email_request", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "email_request")
