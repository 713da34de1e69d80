"""Let jobs have progress, words for their owner, a file and an end by wish; and let some come round.

Revision: listed_jobs
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, UtcDateTime

revision = "listed_jobs"
down_revision = "guests"


def upgrade() -> None:
    with op.batch_alter_table("jobs") as batch_op:
        batch_op.add_column(sa.Column("locale", sa.String(length=5), nullable=True))
        batch_op.add_column(sa.Column("failures", BigId, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("progress", BigId, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("cancel_asked_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("result_file", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("error_code", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("error_words", sa.String(length=500), nullable=True))
        batch_op.create_index("ix_jobs_finished_at", ["finished_at", "id"], unique=False)
    op.create_table(
        "schedules",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schedules")),
        **MYSQL_TABLE,
    )


def downgrade() -> None:
    op.drop_table("schedules")
    with op.batch_alter_table("jobs") as batch_op:
        batch_op.drop_index("ix_jobs_finished_at")
        for name in (
            "error_words", "error_code", "result_file", "cancel_asked_at", "progress", "failures", "locale"
        ):  # fmt: skip
            batch_op.drop_column(name)
