"""Let boards ask before a vote counts.

Revision: 20261130_1000
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1000"
down_revision = "20261130_0930"


def upgrade() -> None:
    op.add_column("boards", sa.Column("asks_before_vote", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("boards", "asks_before_vote")
