"""Let boards be seen by members or staff alone: who reads a board, and the numbers of posts with a tag on each board.

Revision: 20261201_0320
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import BigId

revision = "20261201_0320"
down_revision = "20261130_1835"


def upgrade() -> None:
    op.add_column("boards", sa.Column("readers", sa.String(10), nullable=False, server_default="everyone"))
    op.add_column("post_tags", sa.Column("board_id", BigId, nullable=False, server_default="0"))
    op.create_table(
        "tag_boards",
        sa.Column("tag_id", BigId, nullable=False),
        sa.Column("board_id", BigId, nullable=False),
        sa.Column("post_count", BigId, nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_tag_boards_board_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_tag_boards_tag_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tag_id", "board_id", name=op.f("pk_tag_boards")),
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_bin",
        mysql_engine="InnoDB",
    )
    op.create_index(op.f("ix_tag_boards_board_id"), "tag_boards", ["board_id"])
    boards = "SELECT posts.board_id FROM posts WHERE posts.id = post_tags.post_id"
    op.execute(sa.text(f"UPDATE post_tags SET board_id = ({boards})"))
    counts = "SELECT tag_id, board_id, COUNT(*) FROM post_tags GROUP BY tag_id, board_id"
    op.execute(sa.text(f"INSERT INTO tag_boards (tag_id, board_id, post_count) {counts}"))


def downgrade() -> None:
    op.drop_table("tag_boards")
    op.drop_column("post_tags", "board_id")
    op.drop_column("boards", "readers")
