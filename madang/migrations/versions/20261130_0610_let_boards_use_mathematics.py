"""Let boards use mathematics: formulas in TeX between dollar signs.

Revision: 20261130_0610
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0610"
down_revision = "20261130_0600"


def upgrade() -> None:
    op.add_column("boards", sa.Column("uses_math", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("boards", "uses_math")
