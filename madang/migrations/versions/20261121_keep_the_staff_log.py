"""Keep a log of what staff does, names that accounts had, archived boards, and indexes of how names begin.

Revision: staff_log
"""

import sqlalchemy as sa
from alembic import op

from madang.core.db import MYSQL_TABLE, BigId, UtcDateTime

revision = "staff_log"
down_revision = "following"

STARTS = ("username_lower", "display_name_lower", "email_key")


def upgrade() -> None:
    op.create_table(
        "staff_log",
        sa.Column("id", BigId, nullable=False),
        sa.Column("actor_id", BigId, nullable=True),
        sa.Column("verb", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", BigId, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_log")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_staff_log_actor_id_id"), "staff_log", ["actor_id", "id"])
    op.create_index(op.f("ix_staff_log_verb_id"), "staff_log", ["verb", "id"])
    op.create_index(op.f("ix_staff_log_kind_subject_id_id"), "staff_log", ["kind", "subject_id", "id"])
    op.create_table(
        "former_usernames",
        sa.Column("username_key", sa.String(length=160), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_former_usernames_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("username_key", name=op.f("pk_former_usernames")),
        **MYSQL_TABLE,
    )
    op.create_index(op.f("ix_former_usernames_user_id"), "former_usernames", ["user_id"])
    op.add_column("boards", sa.Column("archived_at", UtcDateTime(), nullable=True))
    op.create_index("ix_users_suspended_until", "users", ["suspended_until"])
    for name in STARTS:
        op.create_index(f"ix_users_{name}", "users", [name], postgresql_ops={name: "text_pattern_ops"})
    op.create_index("ix_tags_name", "tags", ["name"], postgresql_ops={"name": "text_pattern_ops"})


def downgrade() -> None:
    op.drop_index("ix_tags_name", "tags")
    for name in (*STARTS, "suspended_until"):
        op.drop_index(f"ix_users_{name}", "users")
    op.drop_column("boards", "archived_at")
    op.drop_table("former_usernames")
    op.drop_table("staff_log")
