"""Let authors ask moderators to delete a question: what a moderator answers to a request that is declined.

Revision: 20261130_1010
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_1010"
down_revision = "20261130_1000"


def upgrade() -> None:
    op.add_column("flags", sa.Column("reply", sa.String(200), nullable=False, server_default=""))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM flags WHERE reason = 'deletion'"))
    op.drop_column("flags", "reply")
