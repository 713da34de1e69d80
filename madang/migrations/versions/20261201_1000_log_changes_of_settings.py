"""Add the log of settings that were changed in the browser.

Revision: 20261201_1000
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, LongText, UtcDateTime

revision = "20261201_1000"
down_revision = "20261201_0930"


def upgrade() -> None:
    op.create_table(
        "setting_changes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("former", LongText, nullable=True),
        sa.Column("value", LongText, nullable=True),
        sa.Column("actor_id", BigId, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_setting_changes"),
        sa.UniqueConstraint("name", "number", name="uq_setting_changes_name_number"),
        **MYSQL_TABLE,
    )


def downgrade() -> None:
    op.drop_table("setting_changes")
