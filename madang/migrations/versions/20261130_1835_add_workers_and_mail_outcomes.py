"""Add the heartbeats of workers, the outcomes of mails, and the request that caused a job.

Revision: 20261130_1835
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, UtcDateTime

revision = "20261130_1835"
down_revision = "20261130_1010"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("request_id", sa.String(100)))
    op.create_table(
        "workers",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_workers"),
        **MYSQL_TABLE,
    )
    op.create_table(
        "mail_outcomes",
        sa.Column("hour", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("count", BigId, nullable=False),
        sa.PrimaryKeyConstraint("hour", "outcome", name="pk_mail_outcomes"),
        **MYSQL_TABLE,
    )


def downgrade() -> None:
    op.drop_table("mail_outcomes")
    op.drop_table("workers")
    op.drop_column("jobs", "request_id")
