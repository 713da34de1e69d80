"""Know the thumbnails of pictures, and which pictures stand in a text.

Revision: thumbnails
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import BigId

revision = "thumbnails"
down_revision = "programs"


def upgrade() -> None:
    op.add_column("attachments", sa.Column("thumbnail_width", BigId, nullable=True))
    op.add_column("attachments", sa.Column("thumbnail_height", BigId, nullable=True))
    # What has been sent so far may stand anywhere, so it stays.
    op.add_column("attachments", sa.Column("is_used", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index("ix_attachments_unused", "attachments", ["is_used", "id"])


def downgrade() -> None:
    op.drop_index("ix_attachments_unused", "attachments")
    for name in ("is_used", "thumbnail_height", "thumbnail_width"):
        op.drop_column("attachments", name)
