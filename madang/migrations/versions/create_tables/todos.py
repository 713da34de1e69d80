"""The tables of to-dos."""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, UtcDateTime


def upgrade() -> None:
    _create_todo_lists()
    _create_todos()


def downgrade() -> None:
    for table in ("todos", "todo_lists"):
        op.drop_table(table)


def _create_todo_lists() -> None:
    op.create_table(
        "todo_lists",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("position", BigId, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_todo_lists_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_todo_lists")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_todo_lists_deleted_at"), "todo_lists", ["deleted_at"])
    op.create_index(op.f("ix_todo_lists_user_id_position"), "todo_lists", ["user_id", "position"])


def _create_todos() -> None:
    op.create_table(
        "todos",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("list_id", BigId, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_time", sa.Time(), nullable=True),
        sa.Column("remind_at", UtcDateTime(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("position", BigId, nullable=False),
        sa.Column("link_kind", sa.String(length=10), nullable=True),
        sa.Column("link_id", BigId, nullable=True),
        sa.Column("link", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["todo_lists.id"], name=op.f("fk_todos_list_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_todos_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_todos")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_todos_deleted_at"), "todos", ["deleted_at"])
    op.create_index(op.f("ix_todos_list_id"), "todos", ["list_id"])
    op.create_index(op.f("ix_todos_reminded_at_remind_at"), "todos", ["reminded_at", "remind_at"])
    op.create_index(op.f("ix_todos_user_id_link_kind_link_id"), "todos", ["user_id", "link_kind", "link_id"])
    op.create_index(op.f("ix_todos_user_id_position"), "todos", ["user_id", "position"])
