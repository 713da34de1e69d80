"""Let a board be seen by the members of groups.

Revision: 20261201_1010
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201_1010"
down_revision = "20261201_1000"


def upgrade() -> None:
    is_mysql = op.get_bind().dialect.name in ("mysql", "mariadb")
    empty = sa.text("('[]')" if is_mysql else "'[]'")  # MySQL wants an expression, which SQLite cannot add
    op.add_column("boards", sa.Column("reader_group_ids", sa.JSON(), nullable=False, server_default=empty))


def downgrade() -> None:
    """Close to members what was for groups: nobody may see more than before."""
    op.execute(sa.text("UPDATE boards SET readers = 'staff' WHERE readers = 'groups'"))
    op.drop_column("boards", "reader_group_ids")
